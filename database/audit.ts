import { uuidv7 } from 'uuidv7';
import type { AuditAction } from '../protocol/api/audit.ts';

export interface AuditEntry {
  readonly action: AuditAction;
  /** `user:<id>`, `apiKey:<id>`, `agentHost`, `lab`, `system` or `anyone`. */
  readonly actor: string;
  /** The name shown for the actor, as it was at the time; null where there is none. */
  readonly actorName: string | null;
  /** `call:<id>`, `user:<id>` …: what it was done to; null for the deployment itself. */
  readonly subject: string | null;
  /** What changed, as short words; never personal data. */
  readonly detail: string | null;
  /** The client's address as Cloudflare saw it. */
  readonly address: string | null;
  readonly requestId: string | null;
}

/** The statement that writes one entry, to stand in the batch of what it tells of. The table refuses changes. */
export function auditStatement(database: D1Database, entry: AuditEntry, nowMs: number): D1PreparedStatement {
  return database
    .prepare(
      `INSERT INTO audit (id, at_ms, action, actor, actor_name, subject, detail, address, request_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .bind(
      uuidv7(),
      nowMs,
      entry.action,
      entry.actor,
      entry.actorName,
      entry.subject,
      entry.detail,
      entry.address,
      entry.requestId,
    );
}
