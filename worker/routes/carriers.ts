import { Hono } from 'hono';
import type { Context } from 'hono';
import { uuidv7 } from 'uuidv7';
import type { Carrier, CarrierSettings } from '../../database/carriers.ts';
import {
  addCarrier,
  allCarriers,
  carrierNamed,
  changeCarrier,
  removeCarrier,
} from '../../database/carriers.ts';
import * as contracts from '../../protocol/api/telephony.ts';
import type { AppEnv } from '../app-env.ts';
import { auditOf } from '../audit/record.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';
import { trunkRefused } from '../telephony/refused.ts';
import { Trunks } from '../telephony/trunks.ts';

export const carrierRoutes = new Hono<AppEnv>();

serve(carrierRoutes, contracts.listCarriers, async (c) => ({
  carriers: (await allCarriers(c.env.DB)).map(shown),
}));

serve(carrierRoutes, contracts.createCarrier, async (c, { body }) => {
  const { livekit, labPhoneUrl, doorSecret, twilioToken } = c.get('settings');
  const carrierId = c.get('newId') ?? uuidv7();
  let settings: CarrierSettings = {};
  if (body.kind === 'lab') {
    if (labPhoneUrl === null) return refuse(c, 'media_unavailable', 'There is no lab telephone here.');
  } else {
    if (livekit === null) return refuse(c, 'media_unavailable', 'This deployment has no media server.');
    if (body.kind === 'twilio' && (twilioToken === null || !c.env.TWILIO_ACCOUNT_SID)) {
      return refuse(c, 'carrier_refused', 'Twilio is not configured.', {
        detail: 'Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.',
      });
    }
    try {
      const trunks = new Trunks(livekit);
      settings =
        body.kind === 'livekitSip'
          ? await trunks.openOutbound(carrierId, body)
          : await trunks.openForTwilio(body, doorSecret);
    } catch (error) {
      return trunkRefused(c, error);
    }
  }
  const { kind, name, callsPerSecond, concurrency, enabled } = body;
  const carrier: Carrier = {
    carrierId,
    kind,
    name,
    settings,
    callsPerSecond,
    concurrency,
    enabled,
    createdAtMs: Date.now(),
  };
  await addCarrier(
    c.env.DB,
    carrier,
    auditOf(c, 'carrier.added', { subject: subjectOf(carrier), detail: kind }),
  );
  return { carrier: shown(carrier) };
});

serve(carrierRoutes, contracts.changeCarrier, async (c, { params: { carrierId }, body }) => {
  const before = await carrierNamed(c.env.DB, carrierId);
  if (before === null) return noSuchCarrier(c);
  const carrier: Carrier = {
    ...before,
    name: body.name ?? before.name,
    callsPerSecond: body.callsPerSecond ?? before.callsPerSecond,
    concurrency: body.concurrency ?? before.concurrency,
    enabled: body.enabled ?? before.enabled,
  };
  const detail = Object.keys(body).join(', ');
  await changeCarrier(
    c.env.DB,
    carrier,
    auditOf(c, 'carrier.changed', { subject: subjectOf(carrier), detail }),
  );
  return { carrier: shown(carrier) };
});

serve(carrierRoutes, contracts.removeCarrier, async (c, { params: { carrierId } }) => {
  const carrier = await carrierNamed(c.env.DB, carrierId);
  if (carrier === null) return noSuchCarrier(c);
  const entry = auditOf(c, 'carrier.removed', { subject: subjectOf(carrier), detail: carrier.kind });
  const use = await removeCarrier(c.env.DB, carrierId, entry);
  if (use !== null) {
    return refuse(c, 'conflict', 'It is in use.', {
      detail: `${use.campaigns} campaigns may dial by it, ${use.dials} calls run over it, ${use.lines} lines belong to it.`,
    });
  }
  const { livekit } = c.get('settings');
  // First the row: nothing dials by it any more. A trunk that could not be removed harms nobody; LiveKit lists it.
  const others = await allCarriers(c.env.DB);
  const shared = others.some((each) => each.settings.trunkId === carrier.settings.trunkId);
  if (livekit !== null && carrier.kind !== 'lab' && !shared)
    await new Trunks(livekit).close(carrier.settings).catch(() => undefined);
  return c.body(null, 204);
});

const subjectOf = ({ carrierId }: Carrier): string => `carrier:${carrierId}`;
const noSuchCarrier = (c: Context<AppEnv>): Response => refuse(c, 'not_found', 'There is no such carrier.');

function shown({ settings, ...carrier }: Carrier) {
  const { numbers = [], ...rest } = settings;
  const details = Object.fromEntries(
    Object.entries(rest).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
  return { ...carrier, numbers, details };
}
