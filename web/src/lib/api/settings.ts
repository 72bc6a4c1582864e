import { listAudit } from '../../../../protocol/api/audit.ts';
import { listConnections } from '../../../../protocol/api/connections.ts';
import { listInvitations } from '../../../../protocol/api/invitations.ts';
import { listKeys } from '../../../../protocol/api/keys.ts';
import { listSubscriptions, getPushKey } from '../../../../protocol/api/notifications.ts';
import { listPasskeys } from '../../../../protocol/api/passkeys.ts';
import { getPrices } from '../../../../protocol/api/costs.ts';
import { getRetention, listErasures } from '../../../../protocol/api/privacy.ts';
import { listSessions } from '../../../../protocol/api/sessions.ts';
import { listUsers } from '../../../../protocol/api/users.ts';
import {
  DeliveryStateSchema,
  getWebhook,
  listDeliveries,
  listWebhooks,
  type DeliveryState,
} from '../../../../protocol/api/webhooks.ts';
import type { AskOptions } from '../../../../protocol/client/client.ts';
import type { AuditFilter } from '../settings/audit-filter.ts';
import { api } from './client.ts';

/** What the pages of Settings begin with. A `load` function cannot import from outside of `web` itself. */
const page = (cursor: string | null) => (cursor === null ? {} : { cursor });

export const readUsers = (cursor: string | null, options?: AskOptions) =>
  api(listUsers, { query: page(cursor) }, options);
export const readInvitations = (options?: AskOptions) => api(listInvitations, {}, options);
export const readKeys = (cursor: string | null, options?: AskOptions) =>
  api(listKeys, { query: page(cursor) }, options);
export const readSessions = (options?: AskOptions) => api(listSessions, {}, options);
export const readPasskeys = (options?: AskOptions) => api(listPasskeys, {}, options);
export const readConnections = (options?: AskOptions) => api(listConnections, {}, options);
export const readWebhooks = (cursor: string | null, options?: AskOptions) =>
  api(listWebhooks, { query: page(cursor) }, options);
export const readWebhook = (webhookId: string, options?: AskOptions) =>
  api(getWebhook, { params: { webhookId } }, options);
export const readDeliveries = (
  webhookId: string,
  state: DeliveryState | undefined,
  cursor: string | null,
  options?: AskOptions,
) =>
  api(
    listDeliveries,
    { params: { webhookId }, query: { ...(state === undefined ? {} : { state }), ...page(cursor) } },
    options,
  );
/** The state that an address asks for, or all. */
export const deliveryState = (text: string | null): DeliveryState | undefined =>
  DeliveryStateSchema.options.find((each) => each === text);
export const readAudit = (filter: AuditFilter, cursor: string | null, options?: AskOptions) =>
  api(listAudit, { query: { ...filter, ...page(cursor) } }, options);
export const readPrices = (options?: AskOptions) => api(getPrices, {}, options);
export const readRetention = (options?: AskOptions) => api(getRetention, {}, options);
export const readErasures = (options?: AskOptions) => api(listErasures, {}, options);
export const readDevices = (options?: AskOptions) => api(listSubscriptions, {}, options);
export const readPushKey = (options?: AskOptions) => api(getPushKey, {}, options);
