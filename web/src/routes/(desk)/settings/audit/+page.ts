import { valueOrLeave } from '#lib/api/load.ts';
import { readAudit } from '#lib/api/settings.ts';
import { auditFilter } from '#lib/settings/audit-filter.ts';
import type { PageLoad } from './$types';

/** Filters are in the address: a view can be sent to a colleague. */
export const load: PageLoad = async ({ fetch, url }) => {
  const filter = auditFilter(url.searchParams);
  return {
    filter,
    first: await valueOrLeave(
      await readAudit(filter, null, { fetch }),
      'The audit log could not be read.',
      url,
    ),
  };
};
