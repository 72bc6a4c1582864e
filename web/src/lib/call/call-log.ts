import { applyCallEvent } from '../../../../domain/call/apply.ts';
import type { CallEvent } from '../../../../domain/call/fact.ts';
import type { CallState } from '../../../../domain/call/state.ts';
import type { AgentActivity, Interim } from '../../../../protocol/interim.ts';
import type { MonitorDown } from '../../../../protocol/monitor.ts';
import type { ConnectionQuality } from '../../../../protocol/supervision.ts';

/** All that a monitor holds of one call. Replaced, never changed. */
export interface CallLog {
  /** Which ledger the numbers belong to; null before the first word from the server. */
  readonly epoch: string | null;
  readonly call: CallState | null;
  readonly events: readonly CallEvent[];
  /** Words being spoken, by the time they began. */
  readonly interims: readonly Interim[];
  readonly activity: AgentActivity | null;
  /** How well the customer's connection does; null while nobody said. */
  readonly quality: ConnectionQuality | null;
  /** The server's clock minus this browser's, ms. */
  readonly clockOffsetMs: number;
}

/** `gap`: an event is missing or impossible; connect again, from `headOf(log)`. */
export type Taken = { readonly log: CallLog; readonly verdict: 'taken' | 'gap' };

export const emptyLog: CallLog = {
  epoch: null,
  call: null,
  events: [],
  interims: [],
  activity: null,
  quality: null,
  clockOffsetMs: 0,
};

/** The number of the last event held: what a reconnecting monitor passes as `since`. */
export const headOf = (log: CallLog): number => log.call?.head ?? 0;

type Hello = Extract<MonitorDown, { type: 'hello' }>;
type Received = Exclude<MonitorDown, { type: 'refused' }>;

export function takeMessage(log: CallLog, message: Received, nowMs: number): Taken {
  switch (message.type) {
    case 'hello':
      return taken(greet(log, message, nowMs));
    case 'reset':
      return taken({ ...emptyLog, epoch: log.epoch, clockOffsetMs: log.clockOffsetMs });
    case 'events':
      return takeEvents(log, message.events);
    case 'interim':
      return taken({ ...log, interims: withInterim(log, message.interim) });
    case 'activity':
      return taken({ ...log, activity: message.activity });
    case 'quality':
      return taken({ ...log, quality: message.quality });
  }
}

/** Numbers of another epoch mean nothing here: what was held is another ledger's. */
export function underEpoch(log: CallLog, epoch: string): CallLog {
  if (log.epoch === epoch) return log;
  return log.epoch === null ? { ...log, epoch } : { ...emptyLog, epoch, clockOffsetMs: log.clockOffsetMs };
}

/** Folds what is new. Duplicates are ignored; nothing after a gap is taken. */
export function takeEvents(log: CallLog, events: readonly CallEvent[]): Taken {
  let call = log.call;
  const fresh: CallEvent[] = [];
  let verdict: Taken['verdict'] = 'taken';
  for (const event of events) {
    if (event.seq <= (call?.head ?? 0)) continue;
    try {
      call = applyCallEvent(call, event);
      fresh.push(event);
    } catch {
      verdict = 'gap';
      break;
    }
  }
  if (fresh.length === 0) return { log, verdict };
  const next = { ...log, call, events: [...log.events, ...fresh] };
  return { log: settleInterims(next, fresh), verdict };
}

const taken = (log: CallLog): Taken => ({ log, verdict: 'taken' });

function greet(log: CallLog, hello: Hello, nowMs: number): CallLog {
  const next = {
    ...underEpoch(log, hello.epoch),
    activity: hello.activity,
    quality: hello.quality,
    clockOffsetMs: hello.serverNowMs - nowMs,
    interims: [],
  };
  return hello.interims.reduce<CallLog>(
    (held, words) => ({ ...held, interims: withInterim(held, words) }),
    next,
  );
}

/** Replaces the utterance in place. One that is already final is old news: its interim overtook nothing. */
function withInterim(log: CallLog, interim: Interim): readonly Interim[] {
  if (log.call !== null && log.call.end !== null) return [];
  if (log.call?.transcript.some((said) => said.utteranceId === interim.utteranceId)) return log.interims;
  const others = log.interims.filter((held) => held.utteranceId !== interim.utteranceId);
  return [...others, interim].sort((a, b) => a.startedAtMs - b.startedAtMs);
}

/**
 * A final takes the place of its interim; so does one of the same speaker that began later, for then the earlier
 * words came to nothing (a cough, an echo). An end or a lost agent leaves nobody speaking.
 */
function settleInterims(log: CallLog, fresh: readonly CallEvent[]): CallLog {
  let { interims, activity, quality } = log;
  for (const event of fresh) {
    if (event.type === 'wordsSpoken') {
      interims = interims.filter(
        (held) =>
          held.utteranceId !== event.utteranceId &&
          !(held.speaker === event.speaker && held.startedAtMs < event.startedAtMs),
      );
    } else if (event.type === 'agentLeft') {
      interims = interims.filter((held) => held.speaker !== 'agent');
      activity = null;
    } else if (event.type === 'callEnded') {
      interims = [];
      activity = null;
    } else if (event.type === 'customerLeft') {
      quality = null;
    }
  }
  return { ...log, interims, activity, quality };
}
