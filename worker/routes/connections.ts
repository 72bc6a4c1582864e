import { Hono } from 'hono';
import * as contracts from '../../protocol/api/connections.ts';
import type { AppEnv } from '../app-env.ts';
import { audit } from '../audit/record.ts';
import { describeConnections, testConnection } from '../connections/connections.ts';
import { serve } from '../http/serve.ts';

export const connectionRoutes = new Hono<AppEnv>();

serve(connectionRoutes, contracts.listConnections, (c) => ({
  connections: describeConnections(c.env, c.get('settings')),
}));

serve(connectionRoutes, contracts.testConnection, async (c, { params }) => {
  const result = await testConnection(c.env, c.get('settings'), params.connectionId);
  await audit(c, 'connection.tested', { subject: `connection:${result.id}`, detail: result.code });
  return result;
});
