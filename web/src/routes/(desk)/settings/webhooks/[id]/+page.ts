import { valueOrLeave } from '#lib/api/load.ts';
import { deliveryState, readDeliveries, readWebhook } from '#lib/api/settings.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url, params }) => {
  const state = deliveryState(url.searchParams.get('state'));
  const [webhook, deliveries] = await Promise.all([
    readWebhook(params.id, { fetch }),
    readDeliveries(params.id, state, null, { fetch }),
  ]);
  return {
    ...(await valueOrLeave(webhook, 'The webhook could not be read.', url)),
    state,
    first: await valueOrLeave(deliveries, 'The deliveries could not be read.', url),
  };
};
