import { Hono } from 'hono';
import { callRoomOf, fleetOf } from '../../durable-objects/env.ts';
import { ObservationBatchSchema } from '../../protocol/agent.ts';
import { HeartbeatSchema } from '../../protocol/fleet.ts';
import { ToolUseSchema } from '../../protocol/tools.ts';
import type { AppEnv } from '../app-env.ts';
import { jsonBody } from '../http/body.ts';
import { refuse } from '../http/problem.ts';
import { useTool } from '../tools/use-tool.ts';
import { noSuchCall } from './calls.ts';

/** A batch of observations may carry a whole call's unacknowledged words. */
const MAX_BATCH_BYTES = 2 * 1024 * 1024;

export const agentRoutes = new Hono<AppEnv>()
  .post('/api/fleet/heartbeat', async (c) => {
    const decoded = await jsonBody(c, HeartbeatSchema);
    if (!decoded.ok) return decoded.response;
    return c.json(await fleetOf(c.env).heartbeat(decoded.body));
  })
  .post('/api/agent/calls/:callId/observations', async (c) => {
    const decoded = await jsonBody(c, ObservationBatchSchema, MAX_BATCH_BYTES);
    if (!decoded.ok) return decoded.response;
    const principal = c.get('principal');
    if (principal.kind !== 'agent') return noSuchCall(c);
    const { callId, offer, hostId } = principal.claims;
    const answer = await callRoomOf(c.env, callId).observeBatch({ offer, hostId }, decoded.body);
    return 'results' in answer ? c.json(answer) : refuse(c, answer.code, answer.message);
  })
  .post('/api/agent/calls/:callId/tools/:tool', async (c) => {
    const decoded = await jsonBody(c, ToolUseSchema);
    if (!decoded.ok) return decoded.response;
    const principal = c.get('principal');
    if (principal.kind !== 'agent') return noSuchCall(c);
    const { callId, offer, hostId } = principal.claims;
    const gate = await callRoomOf(c.env, callId).letUseTools({ offer, hostId });
    if (!gate.ok) return refuse(c, gate.code, gate.message);
    const answer = await useTool(c.env, gate, callId, c.req.param('tool'), decoded.body);
    // One of no profile of this call's is none that there is.
    return answer === null ? refuse(c, 'not_found', 'This call has no such tool.') : c.json(answer);
  });
