import type { Env } from '../durable-objects/env.ts';
import { app } from './app.ts';
import { autoCompleteStale } from './calls/auto-complete-stale.ts';

export { Board } from '../durable-objects/board.ts';
export { CallRoom } from '../durable-objects/call-room.ts';
export { Fleet } from '../durable-objects/fleet.ts';

export default {
  fetch: app.fetch,
  scheduled: (_controller, env) => autoCompleteStale(env, Date.now()),
} satisfies ExportedHandler<Env>;
