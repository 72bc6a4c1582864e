import type { Context } from 'hono';
import { knownPhones, takeChunk, takeSuppressionChunk } from '../../database/imports.ts';
import { suppressStatements } from '../../database/suppressions.ts';
import { wakeDialer } from '../../durable-objects/wake-dialer.ts';
import type { Import } from '../../protocol/api/imports.ts';
import type { AppEnv } from '../app-env.ts';
import type { Chunk } from './read-chunk.ts';
import { judgeLeads, judgeSuppressions, phonesOf, readRows } from './read-chunk.ts';

/** Reads a chunk's rows and writes them, if the chunk is still the one that is due when it comes to the table: else null. */
export async function takeDueChunk(
  c: Context<AppEnv>,
  { importId, campaignId, mapping, createdBy }: Import,
  chunk: number,
  rowsOfFile: Chunk,
): Promise<Import | null> {
  const atMs = Date.now();
  const rows = readRows(rowsOfFile, mapping);
  if (campaignId === null) {
    const outcome = judgeSuppressions(rowsOfFile, rows);
    const by = { source: 'import', reason: 'imported', addedBy: createdBy, callId: null } as const;
    const statements = suppressStatements(c.env.DB, outcome.phones, by, atMs);
    return takeSuppressionChunk(c.env.DB, { importId, chunk, atMs }, outcome, statements);
  }
  const known = await knownPhones(c.env.DB, campaignId, phonesOf(rows));
  const outcome = judgeLeads(rowsOfFile, rows, known);
  const taken = await takeChunk(c.env.DB, { importId, campaignId, chunk, atMs }, outcome);
  if (taken !== null && outcome.leads.length > 0) c.executionCtx.waitUntil(wakeDialer(c.env, campaignId));
  return taken;
}
