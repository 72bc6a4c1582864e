import { Hono } from 'hono';
import type { Context } from 'hono';
import type * as z from 'zod/mini';
import type { HistoryFilter } from '../../database/history.ts';
import { historyPage } from '../../database/history.ts';
import { deleteView, insertView, viewsOf } from '../../database/saved-views.ts';
import type { CallSummary } from '../../domain/call/summary.ts';
import type { ResultBrief } from '../../domain/result/result.ts';
import { summaryInSight, wordsInSight } from '../../domain/privacy/sight.ts';
import * as contracts from '../../protocol/api/calls.ts';
import { rowsOf } from '../../protocol/api/common.ts';
import { signedIn } from '../access/signed-in.ts';
import { sightIn } from '../access/sight.ts';
import type { AppEnv } from '../app-env.ts';
import { audit } from '../audit/record.ts';
import { csvRow } from '../http/csv.ts';
import { numberCursor, placeCursor, unknownCursor } from '../http/cursor.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';
import { streamPages } from '../http/stream-pages.ts';

/** Rows an export reads at a time. */
const EXPORT_PAGE = 500;

type Query = z.infer<typeof contracts.listCalls.query & object>;
type Page = Awaited<ReturnType<typeof historyPage>>;

/** Ended calls for `listCalls`. */
export async function history(c: Context<AppEnv>, query: Query): Promise<Page | Response> {
  const refused = mayAsk(c, query);
  if (refused !== null) return refused;
  const cursor = query.cursor === undefined ? null : cursorOf(query.cursor, query.text !== undefined);
  if (query.cursor !== undefined && cursor === null) return unknownCursor(c);
  const page = await historyPage(c.env.DB, filterOf(query), cursor, rowsOf(query.limit));
  return inSight(c, page);
}

const cursorOf = (cursor: string, ofWords: boolean) => (ofWords ? numberCursor(cursor) : placeCursor(cursor));

/** Looking for what one may not see would show it: a hit tells. */
function mayAsk(c: Context<AppEnv>, query: Pick<Query, 'number' | 'name' | 'text'>): Response | null {
  const sight = sightIn(c);
  const hidden =
    sight === 'clear'
      ? []
      : (['number', 'name', ...(sight === 'masked' ? (['text'] as const) : [])] as const).filter(
          (field) => query[field] !== undefined,
        );
  if (hidden.length === 0) return null;
  return refuse(c, 'forbidden', 'You may not search for what is masked for you.', {
    errors: hidden.map((field) => ({ field, problem: 'masked for your role' })),
  });
}

function filterOf(query: Omit<Query, 'status' | 'cursor' | 'limit'>): HistoryFilter {
  const {
    profile,
    outcome,
    channel,
    campaign,
    lead,
    from,
    to,
    longer,
    shorter,
    number,
    name,
    text,
    interest,
    disposition,
  } = query;
  const ms = (seconds: string | undefined) => (seconds === undefined ? undefined : Number(seconds) * 1_000);
  return {
    ...{ profile, outcome, channel, interest, disposition, name, text, campaignId: campaign, leadId: lead },
    fromMs: from === undefined ? undefined : Number(from),
    toMs: to === undefined ? undefined : Number(to),
    minMs: ms(longer),
    maxMs: ms(shorter),
    number: number === undefined ? undefined : `+${number.replace(/^\+/, '')}`,
  };
}

function inSight(c: Context<AppEnv>, page: Page): Page {
  const sight = sightIn(c);
  return {
    ...page,
    calls: page.calls.map((call) => summaryInSight(call, sight)),
    excerpts: Object.fromEntries(
      Object.entries(page.excerpts).map(([callId, words]) => [callId, wordsInSight(words, sight)]),
    ),
  };
}

export const historyRoutes = new Hono<AppEnv>();

serve(historyRoutes, contracts.exportCalls, async (c, { query: { format, ...query } }) => {
  const refused = mayAsk(c, query);
  if (refused !== null) return refused;
  await audit(c, 'personalData.exported', { detail: Object.keys(query).join(' ') || 'all' });
  const kind = format ?? 'csv';
  const body = streamPages<string>(kind === 'csv' ? csvRow(columns) : '', async (after) => {
    const cursor = after === null ? null : cursorOf(after, query.text !== undefined);
    const page = inSight(c, await historyPage(c.env.DB, filterOf(query), cursor, EXPORT_PAGE));
    const rows = page.calls.map((call) => ({ call, result: page.results[call.callId] ?? null }));
    const text = rows.map(kind === 'csv' ? csvLine : jsonLine).join('');
    return { text, next: page.nextCursor };
  });
  return c.body(body, 200, {
    'content-type': kind === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
    'content-disposition': `attachment; filename="calls.${kind}"`,
  });
});

const columns = [
  'id',
  'requested',
  'answered',
  'ended',
  'seconds',
  'agent',
  'channel',
  'outcome',
  'contact',
  'number',
  'campaign',
  'lead',
  'utterances',
  'disposition',
  'interest',
];
const time = (atMs: number | null): string => (atMs === null ? '' : new Date(atMs).toISOString());

interface Exported {
  readonly call: CallSummary;
  readonly result: ResultBrief | null;
}

const jsonLine = ({ call, result }: Exported): string => `${JSON.stringify({ ...call, result })}\n`;

function csvLine({ call, result }: Exported): string {
  const seconds = call.endedAtMs === null ? '' : ((call.endedAtMs - call.requestedAtMs) / 1_000).toFixed(1);
  return csvRow([
    call.callId,
    time(call.requestedAtMs),
    time(call.answeredAtMs),
    time(call.endedAtMs),
    seconds,
    call.profile,
    call.channel,
    call.outcome ?? '',
    call.contactName ?? '',
    call.phone?.number ?? '',
    call.lead?.campaignId ?? '',
    call.lead?.leadId ?? '',
    String(call.utterances),
    result?.disposition ?? '',
    result?.interest ?? '',
  ]);
}

serve(historyRoutes, contracts.listViews, async (c) => ({
  views: await viewsOf(c.env.DB, signedIn(c).userId),
}));

serve(historyRoutes, contracts.saveView, async (c, { body }) => {
  const view = await insertView(
    c.env.DB,
    signedIn(c).userId,
    { viewId: c.get('newId'), ...body },
    Date.now(),
  );
  return view === null
    ? refuse(c, 'conflict', 'You have fifty saved filters.', { detail: 'Remove one first.' })
    : { view };
});

serve(historyRoutes, contracts.removeView, async (c, { params }) => {
  await deleteView(c.env.DB, signedIn(c).userId, params.viewId);
  return undefined;
});
