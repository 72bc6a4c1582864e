/**
 * Calls without sound, for machines that have no media server: the same agent door, link and observations as real
 * calls, with the lab's customers and answers word by word at speaking pace. Development only.
 *
 * `node agent-host/lab/silent-calls.ts` with WORKER_URL, LAB_KEY, AGENT_HOST_KEY and LAB_CALLS (2).
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Observation } from '../../domain/call/input.ts';
import type { Speaker } from '../../domain/call/fact.ts';
import { CreatedCallSchema } from '../../protocol/api/calls.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import { CallLink } from '../src/call-link.ts';
import { Heartbeats } from '../src/heartbeat.ts';
import { jsonLog } from '../src/log.ts';
import type { Exchange } from './exchange.ts';
import { BUSINESSES, EXCHANGES } from './phrases.ts';
import type { Behaviour } from './scenarios.ts';
import { BEHAVIOURS, businessFor, scriptFor } from './scenarios.ts';
import { pick } from './seeded-random.ts';

/** How fast people speak, ms a word. */
const MS_PER_WORD = 320;
/** Between two calls of the same slot. */
const PAUSE_MS = [1_000, 4_000] as const;
/** A Worker that refuses is asked again this much later. */
const REFUSED_MS = 3_000;
const NAMES = [
  'Ada Brook',
  'Ben Carver',
  'Chloe Dunn',
  'Dev Patel',
  'Elif Kaya',
  'Finn Gale',
  'Grace Hill',
  'Hugo Marsh',
];

const log = jsonLog({ lab: 'silent-calls' });
const between = (low: number, high: number): number => Math.round(low + Math.random() * (high - low));

export interface SilentCallsOptions {
  readonly workerUrl: string;
  readonly labKey: string;
  readonly agentHostKey: string;
  readonly calls: number;
}

/** Keeps `calls` scripted calls in progress until `signal` is aborted; resolves when all of them have ended. */
export async function keepSilentCalls(options: SilentCallsOptions, signal: AbortSignal): Promise<void> {
  const startedAtMs = Date.now();
  const active = new Set<string>();
  const hostId = `silent-${startedAtMs.toString(36)}`;
  let served = 0;
  const heartbeats = new Heartbeats({
    workerUrl: options.workerUrl,
    agentHostKey: options.agentHostKey,
    state: () => ({
      protocol: PROTOCOL_VERSION,
      hostId,
      agentName: 'silent',
      startedAtMs,
      // Room for a call whose end the roster has not seen yet.
      seats: options.calls + 2,
      activeCallIds: [...active],
      draining: signal.aborted,
      callsFailed: 0,
      callsServed: served,
      firstAudioP95Ms: null,
    }),
    onDrain: () => log.warn('the Worker no longer speaks this protocol'),
    onAnnouncement: () => undefined,
    onRehearsal: () => undefined,
    onAnnounced: () => undefined,
    log,
  });
  await heartbeats.now();
  const slot = async (first: number): Promise<void> => {
    await pause(first * 1_500, signal);
    while (!signal.aborted) {
      const went = await oneCall(options, active, signal).catch((error: unknown) => {
        log.warn('call failed', { name: error instanceof Error ? error.name : 'unknown' });
        return false;
      });
      if (went) served++;
      await pause(went ? between(...PAUSE_MS) : REFUSED_MS, signal);
    }
  };
  await Promise.all(Array.from({ length: options.calls }, (_, index) => slot(index)));
  await heartbeats.now();
  heartbeats.stop();
}

/** True when the call was served to its end. */
async function oneCall(
  options: SilentCallsOptions,
  active: Set<string>,
  signal: AbortSignal,
): Promise<boolean> {
  const behaviour = pick(BEHAVIOURS, Math.random);
  const response = await fetch(`${options.workerUrl}/api/calls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${options.labKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      profile: businessFor(behaviour),
      channel: 'lab',
      contact: { name: pick(NAMES, Math.random) },
    }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) {
    log.warn('call refused', { status: response.status });
    return false;
  }
  const created = CreatedCallSchema.parse(await response.json());
  if (created.doorToken === null) {
    log.warn('this Worker has a media server: its calls need sound, use call-loop.ts');
    return false;
  }
  const callId = created.call.id;
  const over = new AbortController();
  const link = new CallLink({
    workerUrl: options.workerUrl,
    callId,
    doorToken: created.doorToken,
    identity: `agent-${randomUUID()}`,
    log: jsonLog({ lab: 'silent-calls', callId }),
    onLeave: () => over.abort(),
  });
  const opened = await link.open();
  if (!opened.ok) {
    log.warn('the door stays closed', { code: opened.code });
    return false;
  }
  active.add(callId);
  try {
    const conversation = new SilentConversation(link, AbortSignal.any([over.signal, signal]));
    await conversation.hold(behaviour, opened.welcome.profile.greeting);
    if (signal.aborted)
      link.observe({ type: 'sessionEnding', by: 'customer', reason: 'the lab was stopped' });
    await link.flush(3_000);
  } finally {
    link.close();
    active.delete(callId);
  }
  return true;
}

/** Both sides of one conversation, said to the link instead of into a room. */
class SilentConversation {
  readonly #link: CallLink;
  readonly #signal: AbortSignal;
  #stoppedSpeakingAtMs = 0;

  constructor(link: CallLink, signal: AbortSignal) {
    this.#link = link;
    this.#signal = signal;
  }

  async hold(behaviour: Behaviour, greeting: string): Promise<void> {
    const fallback = BUSINESSES[businessFor(behaviour)].fallback;
    await pause(between(400, 900), this.#signal);
    await this.#agentSays(greeting);
    const steps = scriptFor(behaviour, Math.random);
    for (const [index, step] of steps.entries()) {
      if (this.#signal.aborted) return;
      const next = steps[index + 1];
      const cutAfterMs = next?.do === 'interrupt' ? next.afterMs : Number.POSITIVE_INFINITY;
      switch (step.do) {
        case 'stay silent':
          await pause(step.forMs, this.#signal);
          break;
        case 'hold':
          await pause(Math.min(step.forMs, 15_000), this.#signal);
          for (const next of step.alone)
            if (next.do === 'say') await this.#exchange(exchangeOf(next.line), fallback);
          break;
        case 'break off':
          await this.#says('customer', exchangeOf(step.line).customer, { words: step.afterWords });
          return this.#end('customer', 'hung up');
        case 'interrupt':
        case 'say':
          if (await this.#exchange(exchangeOf(step.line), fallback, cutAfterMs)) return;
      }
    }
    this.#end('customer', 'hung up');
  }

  /** True when the agent ended the call. */
  async #exchange(
    exchange: Exchange,
    fallback: string,
    cutAfterMs = Number.POSITIVE_INFINITY,
  ): Promise<boolean> {
    await pause(between(500, 1_200), this.#signal);
    await this.#says('customer', exchange.customer);
    this.#link.activity('thinking');
    const turn = {
      endOfTurnMs: between(280, 420),
      sttMs: between(180, 320),
      llmMs: between(120, 380),
      ttsMs: between(80, 200),
    };
    const totalMs = turn.endOfTurnMs + turn.llmMs + turn.ttsMs;
    await pause(totalMs, this.#signal);
    if (this.#signal.aborted) return false;
    this.#report({ type: 'turnMeasured', turnId: randomUUID(), ...turn, totalMs });
    if (exchange.action === 'request_human') {
      this.#report({ type: 'humanRequested', reason: 'The customer asked to speak with a person.' });
      this.#report({ type: 'toolUsed', tool: 'request_human', succeeded: true, durationMs: between(2, 20) });
    }
    await this.#agentSays(exchange.agent || fallback, cutAfterMs);
    if (this.#signal.aborted || exchange.action !== 'end_call') return false;
    this.#report({ type: 'toolUsed', tool: 'end_call', succeeded: true, durationMs: between(2, 20) });
    this.#end('agent', 'The customer said goodbye.');
    return true;
  }

  async #agentSays(text: string, cutAfterMs = Number.POSITIVE_INFINITY): Promise<void> {
    if (this.#signal.aborted) return;
    this.#link.activity('speaking');
    const startedAtMs = Date.now();
    await this.#says('agent', text, { forMs: cutAfterMs });
    this.#link.activity('listening');
    this.#report({
      type: 'usageReported',
      sttAudioMs: Math.max(0, startedAtMs - (this.#stoppedSpeakingAtMs || startedAtMs)),
      llmInputTokens: between(60, 320),
      llmOutputTokens: Math.ceil(text.length / 4),
      ttsCharacters: text.length,
      ttsAudioMs: Date.now() - startedAtMs,
    });
    this.#stoppedSpeakingAtMs = Date.now();
  }

  /** Word by word; stops after so many, after so long, or when the call is over; reports what was said until then. */
  async #says(
    speaker: Speaker,
    text: string,
    { words = Number.POSITIVE_INFINITY, forMs = Number.POSITIVE_INFINITY } = {},
  ): Promise<void> {
    const utteranceId = randomUUID();
    const startedAtMs = Date.now();
    const spoken: string[] = [];
    for (const word of text.split(' ')) {
      if (this.#signal.aborted || spoken.length >= words || Date.now() - startedAtMs > forMs) break;
      spoken.push(word);
      this.#link.interim({ utteranceId, speaker, text: spoken.join(' '), startedAtMs });
      await pause(MS_PER_WORD * (0.6 + word.length / 12), this.#signal);
    }
    if (spoken.length === 0) return;
    const interrupted = speaker === 'agent' && spoken.length < text.split(' ').length;
    this.#report({
      type: 'wordsSpoken',
      utteranceId,
      speaker,
      text: spoken.join(' '),
      startedAtMs,
      endedAtMs: Date.now(),
      interrupted,
    });
  }

  #end(by: 'customer' | 'agent', reason: string): void {
    if (!this.#signal.aborted) this.#report({ type: 'sessionEnding', by, reason });
  }

  #report(observation: Observation): void {
    this.#link.observe(observation);
  }
}

function exchangeOf(line: string): Exchange {
  const exchange = EXCHANGES.find(({ id }) => id === line);
  if (exchange === undefined) throw new RangeError(`no lab line is called "${line}"`);
  return exchange;
}

/** Ends early, without a fuss, when the signal is aborted. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    process.stderr.write(`silent-calls: ${name} is missing\n`);
    process.exit(2);
  }
  return value;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  process.once('SIGINT', () => stop.abort());
  await keepSilentCalls(
    {
      workerUrl: required('WORKER_URL').replace(/\/+$/, ''),
      labKey: required('LAB_KEY'),
      agentHostKey: required('AGENT_HOST_KEY'),
      calls: Math.max(1, Math.min(50, Number(process.env['LAB_CALLS'] ?? 2) || 2)),
    },
    stop.signal,
  );
  process.exit(0);
}
