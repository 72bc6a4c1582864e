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
  return database.prepare(`${INSERT} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`).bind(...values(entry, nowMs));
}

/** Written only if the statement before it in the batch changed anything. */
export function auditIfChanged(database: D1Database, entry: AuditEntry, nowMs: number): D1PreparedStatement {
  return database
    .prepare(`${INSERT} SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE changes() > 0`)
    .bind(...values(entry, nowMs));
}

/** What the deployment did by itself, if it did. */
export function systemAuditIfChanged(
  database: D1Database,
  done: Pick<AuditEntry, 'action' | 'subject' | 'detail'>,
  nowMs: number,
): D1PreparedStatement {
  const entry = { ...done, actor: 'system', actorName: null, address: null, requestId: null };
  return auditIfChanged(database, entry, nowMs);
}

/** Writes one entry, unless its like was written less than `withinMs` before. */
export function auditUnlessRecent(
  database: D1Database,
  entry: AuditEntry,
  nowMs: number,
  withinMs: number,
): D1PreparedStatement {
  return database
    .prepare(
      `${INSERT} SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (
         SELECT 1 FROM audit WHERE subject IS ? AND actor = ? AND action = ? AND detail IS ? AND at_ms > ?)`,
    )
    .bind(
      ...values(entry, nowMs),
      ...[entry.subject, entry.actor, entry.action, entry.detail],
      nowMs - withinMs,
    );
}

const INSERT =
  'INSERT INTO audit (id, at_ms, action, actor, actor_name, subject, detail, address, request_id)';

const values = (entry: AuditEntry, nowMs: number): (string | number | null)[] => [
  uuidv7(),
  nowMs,
  entry.action,
  entry.actor,
  entry.actorName,
  entry.subject,
  entry.detail,
  entry.address,
  entry.requestId,
];
