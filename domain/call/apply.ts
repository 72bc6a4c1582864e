import { foldAgentFact } from './agent-facts.ts';
import type { CallEvent, ToolUsed } from './fact.ts';
import { foldRecording } from './recording.ts';
import { applySupervision, endSupervision, supervisionOf } from './supervision.ts';
import type { CallState, CustomerSeat, DialState, Phase, Utterance } from './state.ts';
import { addUsage, customerPresent, noUsage, presentAgent } from './state.ts';

/**
 * Folds one ledger event into a call's state. Pure and total: the journal holds only what `decide` allowed,
 * so an impossible order is a bug and throws.
 *
 * @throws Error when `event.seq` is not the next number, or the first event is not `callRequested`.
 */
export function applyCallEvent(call: CallState | null, event: CallEvent): CallState {
  if (call === null) return begin(event);
  if (event.seq !== call.head + 1) {
    throw new Error(`ledger gap: expected event ${call.head + 1}, got ${event.seq}`);
  }
  const next = change({ ...call, head: event.seq, lastEventAtMs: event.atMs }, event);
  return settle(next, event.atMs);
}

/** The state after all `events`, or null for an empty ledger. */
export function foldCall(events: Iterable<CallEvent>): CallState | null {
  let call: CallState | null = null;
  for (const event of events) call = applyCallEvent(call, event);
  return call;
}

function begin(event: CallEvent): CallState {
  if (event.type !== 'callRequested' || event.seq !== 1) {
    throw new Error(`a ledger begins with callRequested as event 1, not ${event.type} ${event.seq}`);
  }
  const { seq, atMs, type: _type, ...request } = event;
  return {
    head: seq,
    lastEventAtMs: atMs,
    request,
    phase: 'requested',
    requestedAtMs: atMs,
    answeredAtMs: null,
    end: null,
    offersMade: 0,
    lastOffer: 0,
    hostsTried: [],
    openOffer: null,
    searchingSinceMs: atMs,
    agents: [],
    customer: null,
    lastWordsAtMs: null,
    transcript: [],
    turns: [],
    usage: noUsage,
    toolsUsed: 0,
    attention: null,
    callBackPromisedAtMs: null,
    ...(request.dial === undefined ? {} : { dial: notDialled }),
  };
}

const notDialled: DialState = {
  startedAtMs: null,
  placedAtMs: null,
  ringingAtMs: null,
  reference: null,
  failure: null,
  cause: null,
};

function change(call: CallState, event: CallEvent): CallState {
  switch (event.type) {
    case 'callRequested':
      throw new Error('a call is requested once');
    case 'agentOffered':
      return {
        ...call,
        offersMade: call.offersMade + 1,
        lastOffer: event.offer,
        openOffer: {
          offer: event.offer,
          hostId: event.hostId,
          agentName: event.agentName,
          offeredAtMs: event.atMs,
        },
      };
    case 'offerExpired': {
      const tried = call.openOffer?.hostId;
      return {
        ...call,
        hostsTried: tried === undefined ? call.hostsTried : [...call.hostsTried, tried],
        openOffer: null,
      };
    }
    case 'agentJoined':
      return {
        ...call,
        openOffer: null,
        offersMade: 0,
        hostsTried: [],
        searchingSinceMs: null,
        // Somebody came after all: nobody needs to be called back.
        callBackPromisedAtMs: call.outage === true ? call.callBackPromisedAtMs : null,
        agents: [
          ...call.agents,
          {
            offer: event.offer,
            session: event.session,
            hostId: event.hostId,
            identity: event.identity,
            joinedAtMs: event.atMs,
            leftAtMs: null,
            clockOffsetMs: event.clockOffsetMs,
          },
        ],
      };
    case 'agentLeft': {
      const left = call.agents.find((seat) => seat.session === event.session);
      return {
        ...call,
        searchingSinceMs: event.atMs,
        agents: call.agents.map((seat) => (seat === left ? { ...seat, leftAtMs: event.atMs } : seat)),
        // A host that just lost the agent is the last one to ask for a successor.
        hostsTried: left === undefined ? [] : [left.hostId],
      };
    }
    case 'customerJoined':
      return {
        ...call,
        // The search for a successor that nobody waited for begins only now.
        searchingSinceMs:
          call.searchingSinceMs !== null && call.agents.length > 0 && !customerPresent(call)
            ? event.atMs
            : call.searchingSinceMs,
        customer: {
          identity: event.identity,
          connection: event.connection,
          joinedAtMs: event.atMs,
          leftAtMs: null,
          connectionsGone: call.customer?.connectionsGone ?? [],
        },
      };
    case 'customerLeft':
      return { ...call, customer: withConnectionGone(call.customer, event) };
    case 'wordsSpoken': {
      const { type: _type, atMs, ...utterance } = event;
      return { ...call, lastWordsAtMs: atMs, transcript: insertBySpeakingTime(call.transcript, utterance) };
    }
    case 'turnMeasured': {
      const { type: _type, seq: _seq, atMs: _atMs, ...turn } = event;
      return { ...call, turns: [...call.turns, turn] };
    }
    case 'usageReported':
      return { ...call, usage: addUsage(call.usage, event) };
    case 'toolUsed':
      return { ...withToolOutcome(call, event), toolsUsed: call.toolsUsed + 1 };
    case 'answerRecorded':
    case 'modelReplaced':
    case 'languageSwitched':
      return foldAgentFact(call, event);
    case 'humanRequested':
      return { ...call, attention: call.attention ?? { reason: event.reason, sinceMs: event.atMs } };
    case 'callBackPromised':
      return event.reason === 'outage'
        ? { ...call, callBackPromisedAtMs: event.atMs, outage: true }
        : { ...call, searchingSinceMs: null, openOffer: null, callBackPromisedAtMs: event.atMs };
    case 'spendLimitReached':
      return { ...call, spendLimitAtMs: event.atMs };
    case 'dialStarted':
      return withDial(call, { startedAtMs: event.atMs });
    case 'dialPlaced':
      return withDial(call, { placedAtMs: event.atMs, reference: event.reference });
    case 'dialRinging':
      return withDial(call, { ringingAtMs: call.dial?.ringingAtMs ?? event.atMs });
    case 'dialFailed':
      return withDial(call, { failure: event.failure, cause: event.cause });
    case 'answeredBy': {
      const { type: _type, seq: _seq, atMs: _atMs, ...verdict } = event;
      return { ...call, answeredBy: verdict };
    }
    case 'doNotCallRequested':
      return { ...call, doNotCall: true };
    case 'callBackRequested':
      return { ...call, callBackForAtMs: event.forAtMs };
    case 'seatGiven':
    case 'seatTaken':
    case 'seatLeft':
    case 'orderGiven':
    case 'orderFollowed':
    case 'takeOverLapsed':
    case 'callFlagged':
      return { ...call, supervision: applySupervision(supervisionOf(call), event) };
    case 'consentLineSaid':
    case 'recordingBegun':
    case 'recordingPaused':
    case 'recordingResumed':
    case 'recordingEnded':
    case 'recordingStored':
    case 'recordingFailed':
      return foldRecording(call, event);
    case 'hangUpRequested':
      return call;
    case 'personalDataErased':
      return {
        ...call,
        // The sound goes with the words.
        ...(event.words && call.recordings !== undefined ? { recordings: [] } : {}),
        ...(event.words && call.answers !== undefined ? { answers: [] } : {}),
        erased: {
          words: event.words || call.erased?.words === true,
          contact: event.contact || call.erased?.contact === true,
        },
      };
    case 'callEnded':
      return {
        ...call,
        openOffer: null,
        searchingSinceMs: null,
        attention: null,
        ...(call.supervision === undefined
          ? {}
          : { supervision: endSupervision(call.supervision, event.atMs) }),
        end: { outcome: event.outcome, endedBy: event.endedBy, reason: event.reason, atMs: event.atMs },
      };
  }
}

function withToolOutcome(call: CallState, { tool, succeeded, atMs }: CallEvent & ToolUsed): CallState {
  const { toolFailures, ...rest } = call;
  if (succeeded) return rest;
  return {
    ...rest,
    toolFailures: {
      tool,
      inRow: (toolFailures?.inRow ?? 0) + 1,
      sinceMs: toolFailures?.sinceMs ?? atMs,
    },
  };
}

const withDial = (call: CallState, change: Partial<DialState>): CallState => ({
  ...call,
  dial: { ...(call.dial ?? notDialled), ...change },
});

/** Phase and answer time follow from who is there; deriving them leaves nothing to fall out of step. */
function settle(call: CallState, atMs: number): CallState {
  const both = presentAgent(call) !== null && customerPresent(call);
  const answeredAtMs = call.answeredAtMs ?? (both && call.end === null ? atMs : null);
  return { ...call, answeredAtMs, phase: phaseOf(call, answeredAtMs) };
}

function phaseOf(call: CallState, answeredAtMs: number | null): Phase {
  if (call.end !== null) return 'ended';
  if (answeredAtMs !== null) return 'inProgress';
  return call.agents.length > 0 || call.customer !== null || call.openOffer !== null
    ? 'connecting'
    : 'requested';
}

/** A "left" may outrun its own "joined": then the seat is made and vacated in one step (LEDGER-3). */
function withConnectionGone(
  seat: CustomerSeat | null,
  left: { identity: string; connection: string; atMs: number },
): CustomerSeat {
  if (seat === null) {
    return {
      identity: left.identity,
      connection: left.connection,
      joinedAtMs: left.atMs,
      leftAtMs: left.atMs,
      connectionsGone: [left.connection],
    };
  }
  return {
    ...seat,
    leftAtMs: seat.connection === left.connection ? left.atMs : seat.leftAtMs,
    connectionsGone: [...seat.connectionsGone, left.connection],
  };
}

/** Late words find their place: almost always the end, so the search runs from there. */
function insertBySpeakingTime(transcript: readonly Utterance[], words: Utterance): readonly Utterance[] {
  let at = transcript.length;
  while (at > 0 && (transcript[at - 1] as Utterance).startedAtMs > words.startedAtMs) at--;
  if (at === transcript.length) return [...transcript, words];
  return [...transcript.slice(0, at), words, ...transcript.slice(at)];
}
