import type { Channel, Media, Outcome, Speaker } from './fact.ts';
import { needsOf, type Need } from './needs.ts';
import type { Attention, CallState, Phase } from './state.ts';
import { isRinging } from './dialling.ts';
import { RIBBON_STRETCHES } from './ribbon.ts';
import { presentAgent } from './state.ts';
import { supervisionOf } from './supervision.ts';

/** One stretch of the call ribbon: who spoke, from and to in ms since the call was requested. */
export type RibbonStretch = readonly [speaker: Speaker, fromMs: number, toMs: number];

/** A call as one row: what the board and the history show. */
export interface CallSummary {
  readonly callId: string;
  readonly profile: string;
  readonly channel: Channel;
  readonly media: Media;
  readonly contactName: string | null;
  readonly phase: Phase;
  readonly requestedAtMs: number;
  readonly answeredAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly outcome: Outcome | null;
  /** The host whose agent serves the call now. */
  readonly agentHost: string | null;
  readonly lastWords: { readonly speaker: Speaker; readonly text: string } | null;
  readonly utterances: number;
  /** The last exchange's delay, end of speech to first sound, in ms. */
  readonly latencyMs: number | null;
  readonly attention: Attention | null;
  /** Why somebody should look at it now, strongest first; left out where nothing speaks for it. */
  readonly needs?: readonly Omit<Need, 'kind'>[];
  /** The newest stretches, oldest first, at most `RIBBON_STRETCHES`. */
  readonly ribbon: readonly RibbonStretch[];
  readonly callBackPromisedAtMs: number | null;
  /** The customer's number, where there is a telephone in it. Personal data. */
  readonly phone?: { readonly direction: 'outbound' | 'inbound'; readonly number: string | null };
  readonly lead?: { readonly leadId: string; readonly campaignId: string };
  /** Left out where nobody is rung, or the customer is there. */
  readonly dialling?: 'waitsForAgent' | 'ringing';
  /** The colleague who has the line; left out while the agent has it. */
  readonly line?: { readonly byName: string; readonly sinceMs: number };
  /** Somebody should look at it later, and why; left out otherwise. */
  readonly flag?: { readonly byName: string; readonly note: string };
  /** The ledger's head this row was made from: an older row never replaces a newer one. */
  readonly head: number;
}

const LAST_WORDS_LENGTH = 140;

export function summarise(call: CallState): CallSummary {
  const last = call.transcript.at(-1);
  const needs = needsOf(call);
  return {
    callId: call.request.callId,
    profile: call.request.profile,
    channel: call.request.channel,
    media: call.request.media,
    contactName: call.request.contact.name,
    phase: call.phase,
    requestedAtMs: call.requestedAtMs,
    answeredAtMs: call.answeredAtMs,
    endedAtMs: call.end?.atMs ?? null,
    outcome: call.end?.outcome ?? null,
    agentHost: presentAgent(call)?.hostId ?? null,
    lastWords: last === undefined ? null : { speaker: last.speaker, text: clip(last.text) },
    utterances: call.transcript.length,
    latencyMs: call.turns.at(-1)?.totalMs ?? null,
    attention: call.attention,
    ...(needs.length === 0
      ? {}
      : { needs: needs.map(({ reason, weight, sinceMs }) => ({ reason, weight, sinceMs })) }),
    ribbon: call.transcript
      .slice(-RIBBON_STRETCHES)
      .map((u) => [u.speaker, u.startedAtMs - call.requestedAtMs, u.endedAtMs - call.requestedAtMs]),
    callBackPromisedAtMs: call.callBackPromisedAtMs,
    ...telephone(call),
    ...supervised(call),
    head: call.head,
  };
}

function telephone(call: CallState): Pick<CallSummary, 'phone' | 'lead' | 'dialling'> {
  const { phone, lead, dial } = call.request;
  const waits = dial !== undefined && call.phase !== 'ended' && call.customer === null;
  return {
    ...(phone === undefined ? {} : { phone: { direction: phone.direction, number: phone.number } }),
    ...(lead === undefined ? {} : { lead }),
    ...(waits ? { dialling: isRinging(call) ? 'ringing' : 'waitsForAgent' } : {}),
  };
}

function supervised(call: CallState): Pick<CallSummary, 'line' | 'flag'> {
  const { line, flag } = supervisionOf(call);
  return {
    ...(line === null ? {} : { line: { byName: line.byName, sinceMs: line.sinceMs } }),
    ...(flag === null ? {} : { flag: { byName: flag.byName, note: clip(flag.note) } }),
  };
}

function clip(text: string): string {
  return text.length <= LAST_WORDS_LENGTH ? text : `${text.slice(0, LAST_WORDS_LENGTH - 1)}…`;
}
