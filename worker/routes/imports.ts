import { Hono } from 'hono';
import type { Context } from 'hono';
import * as z from 'zod/mini';
import { uuidv7 } from 'uuidv7';
import type { Reject } from '../../database/imports.ts';
import {
  beginImport,
  endImport,
  importNamed,
  importPage,
  knownPhones,
  rejectsAfter,
} from '../../database/imports.ts';
import { campaignSettingsOf } from '../../database/leads.ts';
import { csvLineOf } from '../../domain/lead/spreadsheet.ts';
import { Uuid, rowsOf } from '../../protocol/api/common.ts';
import type { Import, Mapping } from '../../protocol/api/imports.ts';
import * as contracts from '../../protocol/api/imports.ts';
import { principalName } from '../access/principal.ts';
import { sightIn } from '../access/sight.ts';
import type { AppEnv } from '../app-env.ts';
import { audit, auditOf } from '../audit/record.ts';
import { unknownCursor } from '../http/cursor.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';
import { phonesOf, readRows } from '../leads/read-chunk.ts';
import { takeDueChunk } from '../leads/take-chunk.ts';
import { noSuchCampaign } from './campaigns.ts';

/** Rejects read at a time for the file of them. */
const REJECTS_A_PAGE = 500;

export const importRoutes = new Hono<AppEnv>();

interface File {
  readonly fileName: string;
  readonly fileBytes: number;
  readonly fingerprint: string;
  readonly mapping: Mapping;
}

serve(importRoutes, contracts.beginImport, async (c, { params: { campaignId }, body }) => {
  if ((await campaignSettingsOf(c.env.DB, campaignId)) === null) return noSuchCampaign(c);
  return begin(c, campaignId, body);
});
serve(importRoutes, contracts.beginSuppressionImport, (c, { body }) => begin(c, null, body));

async function begin(c: Context<AppEnv>, campaignId: string | null, file: File) {
  const problem = mappingProblem(file.mapping);
  if (problem !== null) {
    return refuse(c, 'malformed', problem, { errors: [{ field: 'mapping.columns', problem }] });
  }
  const createdBy = principalName(c.get('principal'));
  const given = { ...file, importId: uuidv7(), campaignId, createdBy };
  const { import: found, begun } = await beginImport(c.env.DB, given, Date.now());
  if (begun) await audit(c, 'import.begun', { subject: `import:${found.importId}`, detail: found.kind });
  return { import: found };
}

/** One column must be the number, and no two the same thing. */
function mappingProblem({ columns }: Mapping): string | null {
  const meanings = columns.flatMap(({ meaning, field }) => {
    if (meaning === 'ignore') return [];
    return [meaning === 'field' ? `field ${field ?? ''}` : meaning];
  });
  if (!meanings.includes('phone')) return 'No column is the number.';
  const twice = meanings.find((each, index) => meanings.indexOf(each) !== index);
  if (twice !== undefined) return `Two columns are ${twice}.`;
  return meanings.includes('field ') ? 'A field has no name.' : null;
}

serve(importRoutes, contracts.sendChunk, async (c, { params: { importId, chunk }, body }) => {
  const found = await importNamed(c.env.DB, importId);
  if (found === null) return noSuchImport(c);
  const number = Number(chunk);
  // Sent again because its answer was lost.
  if (number < found.nextChunk) return { import: found };
  if (found.status !== 'running') {
    return refuse(c, 'conflict', 'This import has ended.', { detail: 'Begin it again with the same file.' });
  }
  if (number > found.nextChunk) return notDue(c, found.nextChunk);
  const after =
    (await takeDueChunk(c, found, number, body)) ??
    // Another tab sent it at the same time, or the import was cancelled.
    (await importNamed(c.env.DB, importId));
  return after === null ? noSuchImport(c) : { import: after };
});

serve(importRoutes, contracts.finishImport, (c, { params }) => end(c, params.importId, 'done'));
serve(importRoutes, contracts.cancelImport, (c, { params }) => end(c, params.importId, 'cancelled'));

async function end(c: Context<AppEnv>, importId: string, status: 'done' | 'cancelled') {
  const before = await importNamed(c.env.DB, importId);
  if (before === null) return noSuchImport(c);
  if (before.status !== 'running') return { import: before };
  const action = status === 'done' ? 'import.finished' : 'import.cancelled';
  const detail = `${before.imported} of ${before.rows} rows`;
  const entry = auditOf(c, action, { subject: `import:${importId}`, detail });
  await endImport(c.env.DB, importId, status, Date.now(), entry);
  return { import: (await importNamed(c.env.DB, importId)) ?? before };
}

serve(importRoutes, contracts.getImport, async (c, { params }) => {
  const found = await importNamed(c.env.DB, params.importId);
  return found === null ? noSuchImport(c) : { import: found };
});

serve(importRoutes, contracts.listImports, (c, { params: { campaignId }, query: { cursor, limit } }) => {
  if (cursor !== undefined && !z.safeParse(Uuid, cursor).success) return unknownCursor(c);
  return importPage(c.env.DB, campaignId, cursor ?? null, rowsOf(limit));
});

serve(importRoutes, contracts.downloadRejects, async (c, { params: { importId } }) => {
  const found = await importNamed(c.env.DB, importId);
  if (found === null) return noSuchImport(c);
  if (sightIn(c) !== 'clear') {
    return refuse(c, 'forbidden', 'Rejected rows are shown as they were.', {
      detail: 'A key needs the scope personalData:read as well.',
    });
  }
  // They are people's data in the clear: nothing leaves that is not recorded.
  await audit(c, 'personalData.exported', { subject: `import:${importId}`, detail: 'rejected rows' });
  return c.body(rejectFile(c.env.DB, found), 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="rejected-rows.csv"',
  });
});

/** The file's own columns, then why; the importer knows the names with an underscore and leaves them out. */
function rejectFile(database: D1Database, { importId, mapping }: Import): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const width = mapping.columns.length;
  const lineOf = ({ row, code, detail, cells }: Reject): string =>
    csvLineOf([...Array.from({ length: width }, (_, at) => cells[at] ?? ''), String(row), code, detail]);
  let row: number | null = null;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const head =
        row === null
          ? csvLineOf([...mapping.columns.map((each) => each.heading), '_row', '_code', '_problem'])
          : '';
      const page = await rejectsAfter(database, importId, row ?? 0, REJECTS_A_PAGE);
      controller.enqueue(encoder.encode(head + page.map(lineOf).join('')));
      row = page.at(-1)?.row ?? 0;
      if (page.length < REJECTS_A_PAGE) controller.close();
    },
  });
}

serve(importRoutes, contracts.checkRows, async (c, { params: { campaignId }, body: { mapping, rows } }) => {
  if ((await campaignSettingsOf(c.env.DB, campaignId)) === null) return noSuchCampaign(c);
  const read = readRows({ firstRow: 1, rows, unreadable: [] }, mapping);
  const known = await knownPhones(c.env.DB, campaignId, phonesOf(read));
  const seen = new Set<string>();
  return {
    rows: read.map(({ read: row }) => {
      if (!row.ok) {
        return { verdict: 'rejected' as const, phone: row.phone, zones: [], problems: row.problems };
      }
      const { phone } = row.lead;
      const twice = known.here.has(phone) || seen.has(phone);
      seen.add(phone);
      const verdict = twice ? 'duplicate' : known.suppressed.has(phone) ? 'doNotCall' : 'new';
      return { verdict: verdict as 'duplicate' | 'doNotCall' | 'new', phone, zones: row.zones, problems: [] };
    }),
  };
});

const noSuchImport = (c: Context<AppEnv>): Response => refuse(c, 'not_found', 'There is no such import.');
const notDue = (c: Context<AppEnv>, expected: number): Response =>
  refuse(c, 'conflict', `Chunk ${expected} is due.`, {
    detail: 'Chunks are taken in the order of the file.',
    errors: [{ field: 'chunk', problem: `expected ${expected}` }],
  });
