import type { Context } from 'hono';
import type { AuditEntry } from '../../database/audit.ts';
import { auditStatement } from '../../database/audit.ts';
import type { AuditAction } from '../../protocol/api/audit.ts';
import { principalName } from '../access/principal.ts';
import type { AppEnv } from '../app-env.ts';
import { clientAddress } from '../http/address.ts';

interface Done {
  readonly subject?: string;
  /** Short words on what changed; never personal data. */
  readonly detail?: string;
  /** When the route was open to anyone and the handler found out who it was. */
  readonly actor?: { readonly id: string; readonly name: string };
}

/** The statement that records who did what to whom, from where: put it into the batch of the change itself. */
export function auditOf(c: Context<AppEnv>, action: AuditAction, done: Done = {}): D1PreparedStatement {
  const principal = c.get('principal');
  const named = principal.kind === 'user' || principal.kind === 'apiKey' ? principal.name : null;
  const entry: AuditEntry = {
    action,
    actor: done.actor === undefined ? principalName(principal) : `user:${done.actor.id}`,
    actorName: done.actor?.name ?? named,
    subject: done.subject ?? null,
    detail: done.detail ?? null,
    address: clientAddress(c),
    requestId: c.get('requestId'),
  };
  return auditStatement(c.env.DB, entry, Date.now());
}

/** Records it on its own, where there is no batch to join. */
export async function audit(c: Context<AppEnv>, action: AuditAction, done: Done = {}): Promise<void> {
  await auditOf(c, action, done).run();
}
