import { Response } from 'miniflare';

type Json = Record<string, unknown>;
const trunks: Record<string, Json> = {};
const rules: Record<string, Json & { trunkIds: string[] }> = {};
let trouble: { absent?: boolean; refused?: boolean } = {};
let made = 0;

export const sipReport = (): Response => Response.json({ trunks, rules });
export function sipTrouble(body: string): Response {
  trouble = JSON.parse(body) as typeof trouble;
  return Response.json({});
}

/**
 * LiveKit's SIP API. `createSipParticipant` answers by the number's last two digits as a trunk would: `86` busy, `03` declined,
 * `04` no such number, `53` nobody takes SIP calls here; all others are dialled.
 */
export function liveKitSip(method: string, body: string): Response {
  const asked = JSON.parse(body || '{}') as Json;
  if (trouble.absent) return refused(500, 'internal', 'sip not connected (redis required)');
  if (trouble.refused) return refused(400, 'invalid_argument', 'no such thing');
  switch (method) {
    case 'CreateSIPOutboundTrunk':
    case 'CreateSIPInboundTrunk': {
      const sipTrunkId = `ST_${++made}`;
      const trunk = { ...(asked.trunk as Json), sipTrunkId, inbound: method.includes('Inbound') };
      trunks[sipTrunkId] = trunk;
      return Response.json(known(trunk));
    }
    case 'ListSIPOutboundTrunk':
    case 'ListSIPInboundTrunk': {
      const inbound = method.includes('Inbound');
      return Response.json({
        items: Object.values(trunks)
          .filter((each) => each.inbound === inbound)
          .map(known),
      });
    }
    case 'DeleteSIPTrunk': {
      const id = asked.sipTrunkId as string;
      if (trunks[id] === undefined) return refused(404, 'not_found', 'no such trunk');
      delete trunks[id];
      return Response.json({ sipTrunkId: id });
    }
    case 'CreateSIPDispatchRule': {
      const sipDispatchRuleId = `SDR_${++made}`;
      const given = (asked.dispatchRule ?? asked) as Json & { trunkIds?: string[] };
      const rule = { ...given, trunkIds: given.trunkIds ?? [], sipDispatchRuleId };
      rules[sipDispatchRuleId] = rule;
      return Response.json(rule);
    }
    case 'ListSIPDispatchRule':
      return Response.json({ items: Object.values(rules) });
    case 'DeleteSIPDispatchRule': {
      const id = asked.sipDispatchRuleId as string;
      delete rules[id];
      return Response.json({ sipDispatchRuleId: id });
    }
    case 'CreateSIPParticipant':
      return participant(asked);
    default:
      return Response.json({});
  }
}

function participant({ sipCallTo = '', participantIdentity, roomName }: Json): Response {
  const metadata = (code: string) => ({ sip_status_code: code });
  switch ((sipCallTo as string).slice(-2)) {
    case '86':
      return refused(400, 'failed_precondition', 'busy', metadata('486'));
    case '03':
      return refused(403, 'permission_denied', 'declined', metadata('603'));
    case '04':
      return refused(404, 'not_found', 'unknown', metadata('404'));
    case '53':
      return refused(503, 'unavailable', 'no response from servers');
    default:
      return Response.json({ participantId: 'PA_1', participantIdentity, roomName, sipCallId: 'SCL_1' });
  }
}

/** As LiveKit lists them: passwords too, to whoever holds its key. */
function known({ inbound: _inbound, ...trunk }: Json): Json {
  return trunk;
}

const refused = (status: number, code: string, msg: string, meta: Record<string, string> = {}): Response =>
  Response.json({ code, msg, meta }, { status });
