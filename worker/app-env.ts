import type { Env } from '../durable-objects/env.ts';
import type { Principal } from './access/principal.ts';
import type { Settings } from './settings.ts';

/** What every handler finds in its context: bindings, decoded settings, the verified caller, the request's id. */
export interface AppEnv {
  Bindings: Env;
  Variables: {
    settings: Settings;
    principal: Principal;
    requestId: string;
    /** `GET /api/calls/:callId`; empty until a route matched. */
    route: string;
    /** The id of what a create makes, when an Idempotency-Key fixed it before. */
    newId: string | undefined;
  };
}
