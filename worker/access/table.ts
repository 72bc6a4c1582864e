import type { Scope } from '../../protocol/api/scopes.ts';
import type { Role } from './principal.ts';

/** Proofs that are asked for instead of a session, beside the roles of people. */
type Proof =
  | Role
  | 'anyone'
  | 'customer'
  | 'agentHost'
  | 'agentDoor'
  | 'lab'
  | 'livekitSignature'
  | 'twilioSignature'
  | 'labPhone';

/** Who may use a route. */
export interface Access {
  readonly who: readonly Proof[];
  /** The scope that lets an API key in; without one no key enters. */
  readonly scope?: Scope;
}

const open = { who: ['anyone'] } as const;
const signedIn = ['admin', 'supervisor', 'operator', 'viewer'] as const;
const steering = ['admin', 'supervisor'] as const;
const serving = ['admin', 'supervisor', 'operator'] as const;

/**
 * The one table that says who may do what. A route that is not listed answers nobody, and a test walks the app's
 * routes against it. `livekitSignature` and `twilioSignature` are checked by
 * the handler itself, which needs the raw body for it.
 */
export const accessTable: Readonly<Record<string, Access>> = {
  'GET /healthz': open,
  'GET /readyz': open,
  'GET /debug/env': { who: ['admin'] },
  'GET /api/health': open,
  'GET /api/openapi.json': open,
  'GET /api/docs': open,

  'POST /api/auth/sign-in/email': open,
  'POST /api/auth/sign-out': open,
  'POST /api/auth/passkey/sign-in/options': open,
  'POST /api/auth/passkey/sign-in/verify': open,
  'POST /api/setup': open,
  'POST /api/password-resets/open': open,
  'POST /api/password-resets/complete': open,
  'POST /api/invitation-links/open': open,
  'POST /api/invitation-links/accept': open,

  'GET /api/me': { who: signedIn },
  'PATCH /api/me': { who: signedIn },
  'POST /api/me/password': { who: signedIn },
  'GET /api/me/sessions': { who: signedIn },
  'DELETE /api/me/sessions/:sessionId': { who: signedIn },
  'POST /api/me/sessions/revoke-others': { who: signedIn },
  'GET /api/me/passkeys': { who: signedIn },
  'POST /api/me/passkey-options': { who: signedIn },
  'POST /api/me/passkeys': { who: signedIn },
  'DELETE /api/me/passkeys/:passkeyId': { who: signedIn },

  'GET /api/users': { who: ['admin'], scope: 'users:read' },
  'PUT /api/users/:userId/role': { who: ['admin'] },
  'POST /api/users/:userId/disable': { who: ['admin'] },
  'POST /api/users/:userId/enable': { who: ['admin'] },
  'POST /api/users/:userId/reset-password': { who: ['admin'] },
  'POST /api/invitations': { who: ['admin'] },
  'GET /api/invitations': { who: ['admin'] },
  'DELETE /api/invitations/:invitationId': { who: ['admin'] },
  'POST /api/keys': { who: ['admin'] },
  'GET /api/keys': { who: ['admin'] },
  'DELETE /api/keys/:keyId': { who: ['admin'] },
  'GET /api/audit': { who: ['admin'], scope: 'audit:read' },
  'GET /api/audit/export': { who: ['admin'], scope: 'audit:read' },

  'GET /api/connections': { who: ['admin'] },
  'POST /api/connections/:connectionId/test': { who: ['admin'] },

  'GET /api/getToken': open,
  'GET /api/profiles': { who: signedIn, scope: 'calls:read' },
  'GET /api/profiles/:slug': open,
  'POST /api/profiles': { who: ['admin'], scope: 'profiles:write' },
  'GET /api/profiles/:slug/draft': { who: steering, scope: 'profiles:read' },
  'PUT /api/profiles/:slug/draft': { who: ['admin'], scope: 'profiles:write' },
  'POST /api/profiles/:slug/publish': { who: ['admin'], scope: 'profiles:write' },
  'POST /api/profiles/:slug/test-call': { who: ['admin'] },
  'GET /api/profiles/:slug/versions': { who: steering, scope: 'profiles:read' },
  'GET /api/profiles/:slug/versions/:version': { who: steering, scope: 'profiles:read' },
  'POST /api/profiles/:slug/archive': { who: ['admin'], scope: 'profiles:write' },
  'POST /api/profiles/:slug/unarchive': { who: ['admin'], scope: 'profiles:write' },
  'GET /api/scenarios': { who: steering, scope: 'profiles:read' },
  'POST /api/scenarios': { who: steering, scope: 'profiles:write' },
  'PUT /api/scenarios/:scenarioId': { who: steering, scope: 'profiles:write' },
  'DELETE /api/scenarios/:scenarioId': { who: steering, scope: 'profiles:write' },
  'GET /api/scenarios/:scenarioId/runs': { who: steering, scope: 'profiles:read' },
  'POST /api/scenarios/:scenarioId/runs': { who: steering, scope: 'profiles:write' },
  'POST /api/calls/:callId/scenario': { who: steering },
  'GET /api/http-tools': { who: steering, scope: 'profiles:read' },
  'PUT /api/http-tools/:name': { who: ['admin'], scope: 'profiles:write' },
  'DELETE /api/http-tools/:name': { who: ['admin'], scope: 'profiles:write' },
  'GET /api/customer/calls/:callId': { who: ['customer'] },
  'POST /api/room/create': { who: steering, scope: 'rooms:write' },
  'POST /api/room/cleanup': { who: ['admin'], scope: 'rooms:write' },
  'GET /api/rooms': { who: steering, scope: 'rooms:read' },

  'GET /api/calls': { who: signedIn, scope: 'calls:read' },
  'GET /api/calls-export': { who: steering, scope: 'calls:read' },
  'GET /api/views': { who: signedIn },
  'POST /api/views': { who: signedIn },
  'DELETE /api/views/:viewId': { who: signedIn },
  'POST /api/calls': { who: [...steering, 'lab'], scope: 'calls:write' },
  'GET /api/calls/:callId': { who: signedIn, scope: 'calls:read' },
  'GET /api/calls/:callId/events': { who: signedIn, scope: 'calls:read' },
  'GET /api/calls/:callId/result': { who: signedIn, scope: 'calls:read' },
  'PUT /api/calls/:callId/correction': { who: serving },
  'GET /api/calls/:callId/transcript': { who: signedIn, scope: 'calls:read' },
  'POST /api/calls/:callId/hang-up': { who: steering, scope: 'calls:write' },
  'POST /api/calls/:callId/complete': { who: steering, scope: 'calls:write' },
  'GET /api/calls/:callId/effects': { who: steering, scope: 'calls:read' },
  'POST /api/calls/:callId/effects/retry': { who: steering, scope: 'calls:write' },

  'GET /api/calls/:callId/recordings/:recordingId/audio': { who: steering, scope: 'recordings:read' },
  'GET /api/calls/:callId/recordings/:recordingId/peaks': { who: steering, scope: 'recordings:read' },
  'POST /api/calls/:callId/seats': { who: steering },
  'POST /api/calls/:callId/orders': { who: steering },
  'PUT /api/calls/:callId/flag': { who: steering },

  'POST /api/calls/:callId/reveal': { who: serving },

  'GET /api/prices': { who: steering },
  'PUT /api/prices': { who: ['admin'] },
  'GET /api/budget': { who: steering },
  'PUT /api/budget': { who: ['admin'] },
  'GET /api/speed': { who: steering },
  'GET /api/retention': { who: ['admin'] },
  'PUT /api/retention': { who: ['admin'] },
  'POST /api/erasures': { who: ['admin'] },
  'GET /api/erasures': { who: ['admin'] },
  'GET /api/erasures/:erasureId': { who: ['admin'] },

  'GET /api/campaigns': { who: signedIn, scope: 'campaigns:read' },
  'POST /api/campaigns': { who: steering, scope: 'campaigns:write' },
  'GET /api/campaigns/:campaignId': { who: signedIn, scope: 'campaigns:read' },
  'PUT /api/campaigns/:campaignId': { who: steering, scope: 'campaigns:write' },
  'POST /api/campaigns/:campaignId/duplicate': { who: steering, scope: 'campaigns:write' },
  'POST /api/campaigns/:campaignId/start': { who: steering, scope: 'campaigns:write' },
  'POST /api/campaigns/:campaignId/pause': { who: steering, scope: 'campaigns:write' },
  'POST /api/campaigns/:campaignId/resume': { who: steering, scope: 'campaigns:write' },
  'POST /api/campaigns/:campaignId/stop': { who: steering, scope: 'campaigns:write' },
  'POST /api/campaigns/:campaignId/archive': { who: steering, scope: 'campaigns:write' },
  'GET /api/campaigns/:campaignId/problems': { who: signedIn, scope: 'campaigns:read' },
  'POST /api/campaigns/:campaignId/preview': { who: steering, scope: 'campaigns:read' },
  'GET /api/campaigns/:campaignId/next-dials': { who: signedIn, scope: 'campaigns:read' },
  'GET /api/campaigns/:campaignId/decisions': { who: signedIn, scope: 'campaigns:read' },
  'POST /api/campaigns/:campaignId/verify-decisions': { who: steering, scope: 'campaigns:read' },
  'POST /api/leads/:leadId/call': { who: steering, scope: 'campaigns:write' },
  'GET /api/stats/overall': { who: signedIn, scope: 'campaigns:read' },
  'GET /api/dial-limits': { who: signedIn, scope: 'campaigns:read' },
  'PUT /api/dial-limits': { who: ['admin'] },

  'GET /api/call-backs': { who: signedIn, scope: 'calls:read' },
  'POST /api/call-backs/:callId/settle': { who: serving, scope: 'calls:write' },

  'GET /api/leads': { who: signedIn, scope: 'leads:read' },
  'POST /api/campaigns/:campaignId/leads': { who: steering, scope: 'leads:write' },
  'GET /api/leads/:leadId': { who: signedIn, scope: 'leads:read' },
  'PATCH /api/leads/:leadId': { who: steering, scope: 'leads:write' },
  'POST /api/leads/:leadId/reveal': { who: serving },
  'POST /api/campaigns/:campaignId/imports': { who: steering, scope: 'leads:write' },
  'GET /api/campaigns/:campaignId/imports': { who: steering, scope: 'leads:read' },
  'POST /api/campaigns/:campaignId/check-rows': { who: steering, scope: 'leads:write' },
  'POST /api/suppression-imports': { who: steering, scope: 'suppressions:write' },
  'GET /api/imports/:importId': { who: steering, scope: 'leads:read' },
  'PUT /api/imports/:importId/chunks/:chunk': { who: steering, scope: 'leads:write' },
  'POST /api/imports/:importId/finish': { who: steering, scope: 'leads:write' },
  'POST /api/imports/:importId/cancel': { who: steering, scope: 'leads:write' },
  'GET /api/imports/:importId/rejects': { who: steering, scope: 'leads:read' },
  'GET /api/suppressions': { who: signedIn, scope: 'suppressions:read' },
  'POST /api/suppressions': { who: serving, scope: 'suppressions:write' },
  'POST /api/suppressions/remove': { who: steering, scope: 'suppressions:write' },

  'GET /api/vehicles': { who: signedIn, scope: 'vehicles:read' },
  'POST /api/vehicles': { who: serving, scope: 'vehicles:write' },
  'POST /api/vehicles/remove': { who: steering, scope: 'vehicles:write' },

  'GET /api/webhooks': { who: ['admin'], scope: 'webhooks:read' },
  'POST /api/webhooks': { who: ['admin'], scope: 'webhooks:write' },
  'GET /api/webhooks/:webhookId': { who: ['admin'], scope: 'webhooks:read' },
  'PATCH /api/webhooks/:webhookId': { who: ['admin'], scope: 'webhooks:write' },
  'DELETE /api/webhooks/:webhookId': { who: ['admin'], scope: 'webhooks:write' },
  'POST /api/webhooks/:webhookId/rotate-secret': { who: ['admin'], scope: 'webhooks:write' },
  'POST /api/webhooks/:webhookId/test': { who: ['admin'], scope: 'webhooks:write' },
  'GET /api/webhooks/:webhookId/deliveries': { who: ['admin'], scope: 'webhooks:read' },
  'GET /api/webhooks/:webhookId/deliveries/:deliveryId': { who: ['admin'], scope: 'webhooks:read' },
  'POST /api/webhooks/:webhookId/deliveries/:deliveryId/resend': {
    who: ['admin'],
    scope: 'webhooks:write',
  },
  'POST /api/webhooks/:webhookId/resend-dead': { who: ['admin'], scope: 'webhooks:write' },

  'GET /api/notifications': { who: signedIn },
  'POST /api/notifications/read': { who: signedIn },
  'GET /api/push/key': { who: signedIn },
  'GET /api/push/subscriptions': { who: signedIn },
  'POST /api/push/subscriptions': { who: signedIn },
  'DELETE /api/push/subscriptions/:subscriptionId': { who: signedIn },
  'PUT /api/push/mutes': { who: signedIn },
  'GET /ws/notifications': { who: signedIn },

  'GET /ws/board': { who: signedIn },
  'GET /ws/calls/:callId': { who: signedIn },

  'GET /ws/agent/:callId': { who: ['agentDoor'] },
  'POST /api/agent/calls/:callId/observations': { who: ['agentDoor'] },
  'POST /api/agent/calls/:callId/tools/:tool': { who: ['agentDoor'] },
  'POST /api/fleet/heartbeat': { who: ['agentHost'] },
  'POST /api/fleet/recordings/:callId/:recordingId/news': { who: ['agentHost'] },
  'PUT /api/fleet/recordings/:callId/:recordingId/peaks': { who: ['agentHost'] },
  'PUT /api/fleet/recordings/:callId/:recordingId/audio': { who: ['agentHost'] },
  'POST /livekit/webhook': { who: ['livekitSignature'] },
  'POST /api/twilio/status': { who: ['twilioSignature'] },
  'POST /api/lab/phone/status': { who: ['labPhone'] },
  'POST /api/lab/phone/inbound': { who: ['lab'] },

  'GET /api/carriers': { who: steering, scope: 'telephony:read' },
  'POST /api/carriers': { who: ['admin'], scope: 'telephony:write' },
  'PATCH /api/carriers/:carrierId': { who: ['admin'], scope: 'telephony:write' },
  'DELETE /api/carriers/:carrierId': { who: ['admin'], scope: 'telephony:write' },
  'GET /api/lines': { who: steering, scope: 'telephony:read' },
  'PUT /api/lines/:phone': { who: ['admin'], scope: 'telephony:write' },
  'DELETE /api/lines/:phone': { who: ['admin'], scope: 'telephony:write' },
};
