import * as z from 'zod/mini';
import { AtMs } from '../primitives.ts';
import { AtMsText, CursorSchema, LimitSchema, Uuid } from './common.ts';
import { contract } from './contract.ts';

/** What happened, from a closed set: the audit page filters by it. Past tense, noun first. */
export const auditActions = [
  'session.opened',
  'session.refused',
  'session.revoked',
  'account.setUp',
  'user.invited',
  'user.joined',
  'user.roleChanged',
  'user.disabled',
  'user.enabled',
  'user.passwordReset',
  'user.passwordChanged',
  'user.profileChanged',
  'invitation.revoked',
  'passkey.added',
  'passkey.removed',
  'apiKey.created',
  'apiKey.revoked',
  'webhook.created',
  'webhook.changed',
  'webhook.deleted',
  'webhook.secretRotated',
  'webhook.resent',
  'call.created',
  'call.hungUp',
  'call.completed',
  'call.workRetried',
  'call.watched',
  'call.listened',
  'recording.listened',
  'recording.downloaded',
  'call.seatTaken',
  'call.steered',
  'call.flagged',
  'callBack.settled',
  'lead.added',
  'lead.changed',
  'import.begun',
  'import.finished',
  'import.cancelled',
  'suppression.added',
  'suppression.removed',
  'vehicle.added',
  'vehicle.changed',
  'vehicle.removed',
  'carrier.added',
  'carrier.changed',
  'carrier.removed',
  'line.set',
  'line.removed',
  'campaign.created',
  'campaign.changed',
  'campaign.scheduled',
  'campaign.started',
  'campaign.paused',
  'campaign.resumed',
  'campaign.stopped',
  'campaign.finished',
  'campaign.archived',
  'lead.called',
  'profile.created',
  'profile.draftSaved',
  'profile.published',
  'profile.tried',
  'scenario.added',
  'scenario.changed',
  'scenario.removed',
  'scenario.tried',
  'profile.archived',
  'profile.unarchived',
  'httpTool.set',
  'httpTool.removed',
  'dialLimits.changed',
  'rooms.cleanedUp',
  'personalData.revealed',
  'personalData.exported',
  'personalData.erased',
  'retention.changed',
  'prices.changed',
  'budget.changed',
  'call.resultCorrected',
  'connection.tested',
  'audit.exported',
] as const;
export type AuditAction = (typeof auditActions)[number];

const tag = 'Audit log';

export const AuditRowSchema = z.object({
  id: Uuid,
  atMs: AtMs,
  action: z.enum(auditActions),
  /** `user:<id>`, `apiKey:<id>`, `agentHost`, `lab`, `system` or `anyone`. */
  actor: z.string(),
  /** As it was at the time. */
  actorName: z.nullable(z.string()),
  /** `call:<id>`, `user:<id>` …; null for the deployment itself. */
  subject: z.nullable(z.string()),
  detail: z.nullable(z.string()),
  address: z.nullable(z.string()),
  requestId: z.nullable(z.string()),
});
export type AuditRow = z.infer<typeof AuditRowSchema>;

/** `user:<id>`: who or what, as the log names it. */
const NamedSchema = z.string().check(z.regex(/^[A-Za-z]+(:[0-9A-Za-z._-]{1,120})?$/));
const filters = {
  action: z.optional(z.enum(auditActions)),
  actor: z.optional(NamedSchema),
  subject: z.optional(NamedSchema),
  /** Inclusive. */
  from: z.optional(AtMsText),
  /** Exclusive. */
  to: z.optional(AtMsText),
};

export const listAudit = contract({
  method: 'GET',
  path: '/api/audit',
  summary: 'Who did what to whom, from where; newest first',
  tag,
  query: z.strictObject({
    ...filters,
    cursor: z.optional(CursorSchema),
    limit: z.optional(LimitSchema),
  }),
  status: 200,
  reply: z.object({ entries: z.array(AuditRowSchema), nextCursor: z.nullable(z.string()) }),
});

export const exportAudit = contract({
  method: 'GET',
  path: '/api/audit/export',
  summary: 'The same as a spreadsheet, all of it; that it was exported is itself recorded',
  tag,
  query: z.strictObject(filters),
  status: 200,
  reply: z.string(),
  replyType: 'text/csv',
});
