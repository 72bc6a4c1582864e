import type { ResultBrief } from '../domain/result/result.ts';
import type { Lead, LeadStatus } from '../domain/lead/lead.ts';
import type { BriefRow } from './results.ts';
import { briefOf } from './results.ts';
import { cutPage } from './page.ts';

export const LEAD_COLUMNS = `lead_id AS leadId, campaign_id AS campaignId, phone, name, email, zone,
  postal_code AS postalCode, fields, consent, status, attempts, next_attempt_at_ms AS nextAttemptAtMs,
  call_back_at_ms AS callBackAtMs, last_outcome AS lastOutcome, last_call_id AS lastCallId,
  created_at_ms AS createdAtMs`;

/** A lead's row under the names above. */
export type LeadRow = Omit<Lead, 'fields'> & { readonly fields: string };
export const leadOf = (row: LeadRow): Lead => ({
  ...row,
  fields: JSON.parse(row.fields) as Record<string, string>,
});

export async function leadNamed(database: D1Database, leadId: string): Promise<Lead | null> {
  const row = await database
    .prepare(`SELECT ${LEAD_COLUMNS} FROM leads WHERE lead_id = ?1`)
    .bind(leadId)
    .first<LeadRow>();
  return row === null ? null : leadOf(row);
}

export interface LeadFilter {
  readonly campaignId: string | null;
  readonly status: LeadStatus | null;
  /** E.164. */
  readonly phone: string | null;
  /** Beginning of a name, in any letter case. */
  readonly name: string | null;
}

/** In the order they came; the cursor is the last one's id. */
export async function leadPage(
  database: D1Database,
  { campaignId, status, phone, name }: LeadFilter,
  cursor: string | null,
  limit: number,
): Promise<{ leads: Lead[]; nextCursor: string | null }> {
  const wanted: [string, unknown][] = [];
  if (campaignId !== null) wanted.push(['campaign_id = ?', campaignId]);
  if (status !== null) wanted.push(['status = ?', status]);
  if (phone !== null) wanted.push(['phone = ?', phone]);
  if (name !== null) wanted.push([`name LIKE ? ESCAPE '\\'`, `${name.replace(/[\\%_]/g, '\\$&')}%`]);
  if (cursor !== null) wanted.push(['lead_id > ?', cursor]);
  const where = wanted.length === 0 ? '' : `WHERE ${wanted.map(([text]) => text).join(' AND ')}`;
  const { results } = await database
    .prepare(`SELECT ${LEAD_COLUMNS} FROM leads ${where} ORDER BY lead_id LIMIT ?`)
    .bind(...wanted.map(([, value]) => value), limit + 1)
    .all<LeadRow>();
  const { page, nextCursor } = cutPage(results, limit, (last) => last.leadId);
  return { leads: page.map(leadOf), nextCursor };
}

export type NewLead = Pick<Lead, 'phone' | 'name' | 'email' | 'zone' | 'postalCode' | 'fields' | 'consent'>;

/**
 * Adds one lead unless its campaign has the number. Whether it is on the do-not-call list is asked in the same statement
 * (DNC-1). @returns whether it was added: then `also` was done with it.
 */
export async function addLead(
  database: D1Database,
  given: {
    readonly leadId: string;
    readonly campaignId: string;
    readonly lead: NewLead;
    readonly atMs: number;
  },
  also: D1PreparedStatement,
): Promise<boolean> {
  const { leadId, campaignId, lead, atMs } = given;
  const [inserted] = await database.batch([
    database
      .prepare(
        `INSERT INTO leads (lead_id, campaign_id, phone, name, email, zone, postal_code, fields, consent, status, created_at_ms)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,
           CASE WHEN EXISTS (SELECT 1 FROM suppressions WHERE phone = ?3) THEN 'doNotCall' ELSE 'waiting' END, ?10
         WHERE true ON CONFLICT DO NOTHING`,
      )
      .bind(
        leadId,
        campaignId,
        lead.phone,
        lead.name,
        lead.email,
        lead.zone,
        lead.postalCode,
        JSON.stringify(lead.fields),
        lead.consent,
        atMs,
      ),
    also,
  ]);
  return inserted?.meta.changes !== 0;
}

export type LeadChanges = Partial<Pick<Lead, 'name' | 'email' | 'zone' | 'postalCode' | 'fields'>> & {
  readonly status?: 'waiting' | 'withdrawn' | undefined;
};

/**
 * Corrects a lead. A lead that is being dialled keeps its status, and none comes back from the do-not-call list by this
 * way: the statement's own conditions say so, whatever was read before. Let wait again, its attempts begin anew.
 */
export async function changeLead(
  database: D1Database,
  leadId: string,
  changes: LeadChanges,
  also: D1PreparedStatement,
): Promise<void> {
  const sets: [string, unknown][] = [];
  if (changes.name !== undefined) sets.push(['name = ?', changes.name]);
  if (changes.email !== undefined) sets.push(['email = ?', changes.email]);
  if (changes.zone !== undefined) sets.push(['zone = ?', changes.zone]);
  if (changes.postalCode !== undefined) sets.push(['postal_code = ?', changes.postalCode]);
  if (changes.fields !== undefined) sets.push(['fields = ?', JSON.stringify(changes.fields)]);
  const statements = [also];
  if (sets.length > 0) {
    statements.push(
      database
        .prepare(`UPDATE leads SET ${sets.map(([text]) => text).join(', ')} WHERE lead_id = ?`)
        .bind(...sets.map(([, value]) => value), leadId),
    );
  }
  if (changes.status === 'withdrawn') {
    statements.push(
      database
        .prepare(
          `UPDATE leads SET status = 'withdrawn', call_back_at_ms = NULL
           WHERE lead_id = ?1 AND status NOT IN ('dialling', 'doNotCall', 'withdrawn')`,
        )
        .bind(leadId),
    );
  }
  if (changes.status === 'waiting') {
    statements.push(
      database
        .prepare(
          `UPDATE leads SET status = 'waiting', attempts = 0, next_attempt_at_ms = 0
           WHERE lead_id = ?1 AND status NOT IN ('dialling', 'waiting')
             AND NOT EXISTS (SELECT 1 FROM suppressions WHERE phone = leads.phone)`,
        )
        .bind(leadId),
    );
  }
  await database.batch(statements);
}

export interface LeadDial {
  readonly callId: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly outcome: string | null;
  readonly result: ResultBrief | null;
}

/** The latest dials and decisions of a lead, newest first; what is kept of a lead's history beyond them is on its calls. */
export async function historyOf(
  database: D1Database,
  leadId: string,
  limit: number,
): Promise<{ dials: LeadDial[]; decisions: string[] }> {
  const [dials, decisions] = await database.batch([
    database
      .prepare(
        `SELECT d.call_id AS callId, d.started_at_ms AS startedAtMs, d.ended_at_ms AS endedAtMs, d.outcome,
           r.disposition, r.interest
         FROM dials d LEFT JOIN call_results r ON r.call_id = d.call_id
         WHERE d.lead_id = ?1 ORDER BY d.started_at_ms DESC LIMIT ?2`,
      )
      .bind(leadId, limit),
    database
      .prepare('SELECT record FROM decisions WHERE lead_id = ?1 ORDER BY at_ms DESC, seq DESC LIMIT ?2')
      .bind(leadId, limit),
  ]);
  return {
    dials: ((dials?.results ?? []) as (Omit<LeadDial, 'result'> & BriefRow)[]).map(
      ({ disposition, interest, ...dial }) => ({ ...dial, result: briefOf({ disposition, interest }) }),
    ),
    decisions: ((decisions?.results ?? []) as { record: string }[]).map((row) => row.record),
  };
}

/** What a campaign chose, as its JSON; null when there is none of this id. */
export async function campaignSettingsOf(database: D1Database, campaignId: string): Promise<string | null> {
  const row = await database
    .prepare('SELECT settings FROM campaigns WHERE campaign_id = ?1 AND archived_at_ms IS NULL')
    .bind(campaignId)
    .first<{ settings: string }>();
  return row?.settings ?? null;
}
