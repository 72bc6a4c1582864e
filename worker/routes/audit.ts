import { Hono } from 'hono';
import type { AuditFilter } from '../../database/audit-log.ts';
import { auditPage } from '../../database/audit-log.ts';
import * as contracts from '../../protocol/api/audit.ts';
import { rowsOf } from '../../protocol/api/common.ts';
import type { AppEnv } from '../app-env.ts';
import { csvHead, csvLine } from '../audit/csv.ts';
import { audit } from '../audit/record.ts';
import { serve } from '../http/serve.ts';
import { streamPages } from '../http/stream-pages.ts';

/** Rows an export reads at a time: what it holds in memory, whatever the log's length. */
const EXPORT_PAGE = 500;

export const auditRoutes = new Hono<AppEnv>();

serve(auditRoutes, contracts.listAudit, (c, { query }) =>
  auditPage(c.env.DB, filterOf(query), query.cursor ?? null, rowsOf(query.limit)),
);

serve(auditRoutes, contracts.exportAudit, async (c, { query }) => {
  await audit(c, 'audit.exported', { detail: Object.keys(query).join(' ') || 'all' });
  const exported = streamPages<string>(csvHead, async (cursor) => {
    const { entries, nextCursor } = await auditPage(c.env.DB, filterOf(query), cursor, EXPORT_PAGE);
    return { text: entries.map(csvLine).join(''), next: nextCursor };
  });
  return c.body(exported, 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="audit.csv"',
  });
});

function filterOf(query: {
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}): AuditFilter {
  const { action, actor, subject, from, to } = query;
  return {
    ...{ action, actor, subject },
    fromMs: from === undefined ? undefined : Number(from),
    toMs: to === undefined ? undefined : Number(to),
  };
}
