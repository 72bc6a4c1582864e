import * as z from 'zod/mini';
import { AtMs, Id } from './primitives.ts';

/** What people are told of. Those of transfers and recordings belong to what is still being built: pages know how to show them already. */
export const noticeKinds = [
  'callNeedsHuman',
  'callAtRisk',
  'callBackOwed',
  'workParked',
  'transferRequested',
  'transferFailed',
  'campaignFinished',
  /** By its abandon brake, or because the month's budget is spent. */
  'campaignPaused',
  'budgetNear',
  'recordingReady',
] as const;
export const NoticeKindSchema = z.enum(noticeKinds);
export type NoticeKind = z.infer<typeof NoticeKindSchema>;

export const NoticeSchema = z.object({
  /** Counts from 1 without gaps. */
  number: z.int(),
  id: Id,
  kind: NoticeKindSchema,
  /** `urgent`: somebody is waiting now. */
  severity: z.enum(['info', 'warning', 'urgent']),
  atMs: AtMs,
  callId: z.nullable(Id),
  /** One sentence for people, without personal data. */
  sentence: z.string(),
});
export type Notice = z.infer<typeof NoticeSchema>;

/** As it comes in, before it has a number. */
export type NewNotice = Omit<Notice, 'number'>;

/** How many the snapshot holds at most. */
export const SNAPSHOT_NOTICES = 50;

/**
 * What `/ws/notifications?v=<protocol>` sends: a snapshot, then notices numbered from `head + 1` without gaps. On a gap,
 * connect again. `read` comes when the same person has read on another page.
 */
export const NoticesDownSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    protocol: z.int(),
    /** The last number given; 0 before the first. */
    head: z.int(),
    serverNowMs: AtMs,
    readUpTo: z.int(),
    /** The newest, oldest first. */
    notices: z.array(NoticeSchema),
  }),
  z.object({ type: z.literal('notice'), notice: NoticeSchema }),
  z.object({ type: z.literal('read'), readUpTo: z.int() }),
]);
export type NoticesDown = z.infer<typeof NoticesDownSchema>;

/** What a browser's service worker gets by web push, as JSON. */
export const PushMessageSchema = z.object({
  number: z.int(),
  kind: NoticeKindSchema,
  severity: NoticeSchema.shape.severity,
  atMs: AtMs,
  callId: z.nullable(Id),
  sentence: z.string(),
});
export type PushMessage = z.infer<typeof PushMessageSchema>;
