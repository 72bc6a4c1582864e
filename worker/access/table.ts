import type { Role } from './principal.ts';

/** Who may use a route. Keys other than roles name the proof that is asked for instead of a session. */
export type Access = readonly (Role | 'anyone' | 'agentHost' | 'agentDoor' | 'lab' | 'livekitSignature')[];

const signedIn = ['admin', 'supervisor', 'operator', 'viewer'] as const;

/**
 * The one table that says who may do what. A route that is not listed answers nobody, and a test walks the app's
 * routes against it. `livekitSignature` is checked by the handler itself, which needs the raw body for it.
 */
export const accessTable: Readonly<Record<string, Access>> = {
  'GET /healthz': ['anyone'],
  'GET /api/health': ['anyone'],
  'GET /api/getToken': ['anyone'],
  'POST /livekit/webhook': ['livekitSignature'],
  'POST /api/auth/sign-in/email': ['anyone'],
  'POST /api/auth/sign-out': ['anyone'],
  'GET /api/me': signedIn,
  'GET /api/calls': signedIn,
  'POST /api/calls': ['admin', 'supervisor', 'lab'],
  'GET /api/calls/:callId': signedIn,
  'GET /api/calls/:callId/events': signedIn,
  'GET /api/calls/:callId/transcript': signedIn,
  'POST /api/calls/:callId/hang-up': ['admin', 'supervisor'],
  'POST /api/calls/:callId/complete': ['admin', 'supervisor'],
  'GET /api/calls/:callId/effects': ['admin', 'supervisor'],
  'POST /api/calls/:callId/effects/retry': ['admin', 'supervisor'],
  'GET /api/profiles/:slug': ['anyone'],
  'GET /ws/board': signedIn,
  'GET /ws/calls/:callId': signedIn,
  'GET /ws/agent/:callId': ['agentDoor'],
  'POST /api/agent/calls/:callId/observations': ['agentDoor'],
  'POST /api/fleet/heartbeat': ['agentHost'],
};
