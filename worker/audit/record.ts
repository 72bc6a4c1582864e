import type { Context } from 'hono';
import type { AuditEntry } from '../../database/audit.ts';
import { auditIfChanged, auditStatement, auditUnlessRecent } from '../../database/audit.ts';
import type { AuditAction } from '../../protocol/api/audit.ts';
import { ownName, principalName } from '../access/principal.ts';
import type { AppEnv } from '../app-env.ts';
import { clientAddress } from '../http/address.ts';

interface Done {
  readonly subject?: string;
  /** Short words on what changed; never personal data. */
  readonly detail?: string;
  /** When the route was open to anyone and the handler found out who it was. */
  readonly actor?: { readonly id: string; readonly name: string };
}

function entryOf(c: Context<AppEnv>, action: AuditAction, done: Done): AuditEntry {
  const principal = c.get('principal');
  return {
    action,
    actor: done.actor === undefined ? principalName(principal) : `user:${done.actor.id}`,
    actorName: done.actor?.name ?? ownName(principal),
    subject: done.subject ?? null,
    detail: done.detail ?? null,
    address: clientAddress(c),
    requestId: c.get('requestId'),
  };
}

/** The statement that records who did what to whom, from where: put it into the batch of the change itself. */
export function auditOf(c: Context<AppEnv>, action: AuditAction, done: Done = {}): D1PreparedStatement {
  return auditStatement(c.env.DB, entryOf(c, action, done), Date.now());
}

/** The same, written only if the statement right before it in the batch changed anything. */
export function auditOfChange(c: Context<AppEnv>, action: AuditAction, done: Done = {}): D1PreparedStatement {
  return auditIfChanged(c.env.DB, entryOf(c, action, done), Date.now());
}

/** Records it on its own, unless the same was recorded of the same person less than `withinMs` ago. */
export async function auditOnce(
  c: Context<AppEnv>,
  action: AuditAction,
  done: Done,
  withinMs: number,
): Promise<void> {
  await auditUnlessRecent(c.env.DB, entryOf(c, action, done), Date.now(), withinMs).run();
}

/** Records it on its own, where there is no batch to join. */
export async function audit(c: Context<AppEnv>, action: AuditAction, done: Done = {}): Promise<void> {
  await auditOf(c, action, done).run();
}
