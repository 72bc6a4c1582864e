import * as audit from '../../protocol/api/audit.ts';
import * as callBacks from '../../protocol/api/call-backs.ts';
import * as calls from '../../protocol/api/calls.ts';
import * as campaigns from '../../protocol/api/campaigns.ts';
import * as connections from '../../protocol/api/connections.ts';
import type { Contract } from '../../protocol/api/contract.ts';
import * as httpTools from '../../protocol/api/http-tools.ts';
import * as imports from '../../protocol/api/imports.ts';
import * as invitations from '../../protocol/api/invitations.ts';
import * as keys from '../../protocol/api/keys.ts';
import * as leads from '../../protocol/api/leads.ts';
import * as notifications from '../../protocol/api/notifications.ts';
import * as operations from '../../protocol/api/operations.ts';
import * as passkeys from '../../protocol/api/passkeys.ts';
import * as budget from '../../protocol/api/budget.ts';
import * as costs from '../../protocol/api/costs.ts';
import * as results from '../../protocol/api/results.ts';
import * as privacy from '../../protocol/api/privacy.ts';
import * as profiles from '../../protocol/api/profiles.ts';
import * as recordings from '../../protocol/api/recordings.ts';
import * as rooms from '../../protocol/api/rooms.ts';
import * as myAccount from '../../protocol/api/my-account.ts';
import * as passwordResets from '../../protocol/api/password-resets.ts';
import * as scenarios from '../../protocol/api/scenarios.ts';
import * as session from '../../protocol/api/session.ts';
import * as sessions from '../../protocol/api/sessions.ts';
import * as setup from '../../protocol/api/setup.ts';
import * as signIn from '../../protocol/api/sign-in.ts';
import * as supervision from '../../protocol/api/supervision.ts';
import * as suppressions from '../../protocol/api/suppressions.ts';
import * as telephony from '../../protocol/api/telephony.ts';
import * as vehicles from '../../protocol/api/vehicles.ts';
import * as users from '../../protocol/api/users.ts';
import * as webhooks from '../../protocol/api/webhooks.ts';

/** What a module of `protocol/api` exports besides schemas. */
function contractsOf(module: Readonly<Record<string, unknown>>): Contract[] {
  return Object.values(module).filter(
    (each): each is Contract =>
      typeof each === 'object' && each !== null && 'method' in each && 'path' in each,
  );
}

/** Every route of the API that has a contract. Sockets and machine doors are described in `undescribed`. */
export const catalog: readonly Contract[] = [
  ...contractsOf(scenarios),
  ...contractsOf(signIn),
  ...contractsOf(setup),
  ...contractsOf(passwordResets),
  ...contractsOf(session),
  ...contractsOf(myAccount),
  ...contractsOf(sessions),
  ...contractsOf(passkeys),
  ...contractsOf(calls),
  ...contractsOf(recordings),
  ...contractsOf(supervision),
  ...contractsOf(callBacks),
  ...contractsOf(profiles),
  ...contractsOf(httpTools),
  ...contractsOf(campaigns),
  ...contractsOf(rooms),
  ...contractsOf(users),
  ...contractsOf(invitations),
  ...contractsOf(keys),
  ...contractsOf(leads),
  ...contractsOf(imports),
  ...contractsOf(suppressions),
  ...contractsOf(vehicles),
  ...contractsOf(audit),
  ...contractsOf(connections),
  ...contractsOf(costs),
  ...contractsOf(budget),
  ...contractsOf(results),
  ...contractsOf(privacy),
  ...contractsOf(webhooks),
  ...contractsOf(telephony),
  ...contractsOf(notifications),
  ...contractsOf(operations),
];

/** Routes without a contract, and why: a test holds this list against the app. */
export const undescribed: Readonly<Record<string, string>> = {
  'GET /api/openapi.json': 'the description itself',
  'GET /api/docs': 'the description itself, as a page',
  'POST /livekit/webhook': "LiveKit's own format, signed by it",
  'POST /api/twilio/status': "Twilio's own format, signed by it",
  'POST /api/lab/phone/status': 'between our own processes: protocol/lab-phone.ts',
  'POST /api/lab/phone/inbound': 'between our own processes: protocol/lab-phone.ts',
  'POST /api/fleet/heartbeat': 'between our own processes: protocol/fleet.ts',
  'POST /api/fleet/recordings/:callId/:recordingId/news': 'between our own processes: protocol/recorder.ts',
  'PUT /api/fleet/recordings/:callId/:recordingId/peaks': 'between our own processes: protocol/recorder.ts',
  'PUT /api/fleet/recordings/:callId/:recordingId/audio': 'between our own processes: protocol/recorder.ts',
  'POST /api/agent/calls/:callId/observations': 'between our own processes: protocol/agent.ts',
  'POST /api/agent/calls/:callId/tools/:tool': 'between our own processes: protocol/tools.ts',
  'GET /ws/board': 'a socket: protocol/board.ts',
  'GET /ws/notifications': 'a socket: protocol/notices.ts',
  'GET /ws/calls/:callId': 'a socket: protocol/monitor.ts',
  'GET /ws/agent/:callId': 'a socket: protocol/agent.ts',
};
