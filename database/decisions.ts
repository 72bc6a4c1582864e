import type { DialDecision } from '../domain/dial/decision.ts';
import { cutPage } from './page.ts';

/** Writes them at the end of their chain; those that are there already stay as they are. The table takes no change. */
export async function appendDecisions(
  database: D1Database,
  decisions: readonly DialDecision[],
): Promise<void> {
  if (decisions.length === 0) return;
  await database
    .prepare(
      `INSERT INTO decisions (chain, seq, at_ms, lead_id, call_id, verdict, refusal, record, hash)
       SELECT json_extract(value, '$.chain'), json_extract(value, '$.seq'), json_extract(value, '$.atMs'),
         json_extract(value, '$.leadId'), json_extract(value, '$.callId'), json_extract(value, '$.verdict'),
         json_extract(value, '$.refusal'), value, json_extract(value, '$.hash')
       FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING`,
    )
    .bind(JSON.stringify(decisions.map((each) => JSON.stringify(each))))
    .run();
}

const recordsOf = (rows: readonly { record: string }[]): DialDecision[] =>
  rows.map(({ record }) => JSON.parse(record) as DialDecision);

/** Newest first, from before `beforeSeq`. */
export async function decisionPage(
  database: D1Database,
  chain: string,
  beforeSeq: number | null,
  limit: number,
): Promise<{ decisions: DialDecision[]; nextCursor: string | null }> {
  const { results } = await database
    .prepare('SELECT record FROM decisions WHERE chain = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3')
    .bind(chain, beforeSeq ?? Number.MAX_SAFE_INTEGER, limit + 1)
    .all<{ record: string }>();
  const { page, nextCursor } = cutPage(recordsOf(results), limit, (last) => String(last.seq));
  return { decisions: page, nextCursor };
}

/** In their order, from after `afterSeq`. */
export async function decisionsAfter(
  database: D1Database,
  chain: string,
  afterSeq: number,
  limit: number,
): Promise<DialDecision[]> {
  const { results } = await database
    .prepare('SELECT record FROM decisions WHERE chain = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3')
    .bind(chain, afterSeq, limit)
    .all<{ record: string }>();
  return recordsOf(results);
}

/** The latest of a lead, whichever chain they stand in, newest first. */
export async function decisionsOfLead(
  database: D1Database,
  leadId: string,
  limit: number,
): Promise<DialDecision[]> {
  const { results } = await database
    .prepare('SELECT record FROM decisions WHERE lead_id = ?1 ORDER BY at_ms DESC LIMIT ?2')
    .bind(leadId, limit)
    .all<{ record: string }>();
  return recordsOf(results);
}
