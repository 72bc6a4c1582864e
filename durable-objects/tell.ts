import { allWebhookIds, webhooksFor } from '../database/webhooks.ts';
import type { Occurrence, OccurrenceKind } from '../domain/call/occurrence.ts';
import type { NewNotice, Notice } from '../protocol/notices.ts';
import type { WebhookBody, WebhookEvent } from '../protocol/webhook.ts';
import type { Env } from './env.ts';
import { noticesOf, webhookDeskOf } from './env.ts';

type CallEvent = Extract<WebhookEvent, `call.${string}`>;

/** What endpoints call each kind; null: it is nobody's business outside. */
const events: Record<OccurrenceKind, CallEvent | null> = {
  callRequested: 'call.requested',
  callAnswered: 'call.answered',
  callNeedsHuman: 'call.needsHuman',
  callAtRisk: 'call.atRisk',
  callBackPromised: 'call.callBackPromised',
  callEnded: 'call.ended',
  workParked: null,
};

/** What people are told of each kind; null: they see it on the board. */
const notices: Record<OccurrenceKind, Pick<Notice, 'kind' | 'severity' | 'sentence'> | null> = {
  callRequested: null,
  callAnswered: null,
  callNeedsHuman: {
    kind: 'callNeedsHuman',
    severity: 'urgent',
    sentence: 'A caller asks for a person.',
  },
  callAtRisk: {
    kind: 'callAtRisk',
    severity: 'warning',
    sentence: 'A call goes badly: the customer is angry, or is not understood.',
  },
  callBackPromised: {
    kind: 'callBackOwed',
    severity: 'warning',
    sentence: 'Nobody could take a call: a call back was promised.',
  },
  callEnded: null,
  workParked: {
    kind: 'workParked',
    severity: 'warning',
    sentence: 'Work that a call owes was given up and waits for a person.',
  },
};

/**
 * Hands an occurrence to everyone who is to hear of it: each keeps it under its id before this returns, so that it can be
 * repeated (HOOK-1). One read of D1 when nobody listens.
 * @throws Error when any of them could not be reached
 */
export async function tell(env: Env, occurrence: Occurrence): Promise<void> {
  const notice = noticeOf(occurrence);
  await Promise.all([notice === null ? null : noticesOf(env).take(notice), tellEndpoints(env, occurrence)]);
}

async function tellEndpoints(env: Env, occurrence: Occurrence): Promise<void> {
  const event = events[occurrence.kind];
  if (event === null) return;
  const listening = await webhooksFor(env.DB, event);
  await Promise.all(
    listening.map(({ id, includePersonalData }) =>
      webhookDeskOf(env, id).owe(bodyOf(occurrence, event, includePersonalData), occurrence.callId),
    ),
  );
}

/** Removes what any desk keeps of a call: bodies may hold its contact's name. For erasing a person on request. */
export async function forgetCallAtDesks(env: Env, callId: string): Promise<void> {
  const ids = await allWebhookIds(env.DB);
  await Promise.all(ids.map((id) => webhookDeskOf(env, id).forget(callId)));
}

function noticeOf({ id, kind, atMs, callId }: Occurrence): NewNotice | null {
  const words = notices[kind];
  return words === null ? null : { id, atMs, callId, ...words };
}

function bodyOf(occurrence: Occurrence, event: CallEvent, includePersonalData: boolean): WebhookBody {
  const { id, atMs, kind: _kind, contactName, ...data } = occurrence;
  return {
    id,
    atMs,
    type: event,
    data: includePersonalData ? { ...data, contactName } : data,
  };
}
