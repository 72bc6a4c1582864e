import { SipClient, TwirpError } from 'livekit-server-sdk';
import type * as z from 'zod/mini';
import type { CarrierSettings } from '../../database/carriers.ts';
import { liveKitHost } from '../../durable-objects/livekit-host.ts';
import { sipLogin } from '../../durable-objects/telephony/sip-login.ts';
import type { NewCarrierSchema } from '../../protocol/api/telephony.ts';
import type { Settings } from '../settings.ts';

const REQUEST_TIMEOUT_S = 5;
/** Rooms of calls that come in are named `line_<our number>_<chance>`: never by the caller's number. */
export const LINE_ROOM_PREFIX = 'line';

export type NewCarrier = z.infer<typeof NewCarrierSchema>;

/** The media server would not, or cannot: its own short word for why. */
export class TrunkRefused extends Error {
  override readonly name = 'TrunkRefused';
  /** It has no SIP service at all. */
  readonly absent: boolean;

  constructor(absent: boolean, message: string) {
    super(message);
    this.absent = absent;
  }
}

/** Trunks and dispatch rules at the media server. Each is safe to repeat. Throws {@link TrunkRefused}. */
export class Trunks {
  readonly #sip: SipClient;

  constructor({ url, apiKey, apiSecret }: NonNullable<Settings['livekit']>) {
    const options = { requestTimeout: REQUEST_TIMEOUT_S, failover: false };
    this.#sip = new SipClient(liveKitHost(url), apiKey, apiSecret, options);
  }

  /** @returns what is kept of it; username and password go to LiveKit alone */
  openOutbound(
    carrierId: string,
    carrier: Extract<NewCarrier, { kind: 'livekitSip' }>,
  ): Promise<CarrierSettings> {
    return asked(async () => {
      const { address, transport, numbers, username, password, name } = carrier;
      const metadata = metadataOf(carrierId);
      const known = (await this.#sip.listSipOutboundTrunk()).find((each) => each.metadata === metadata);
      const trunk =
        known ??
        (await this.#sip.createSipOutboundTrunk(name, address, [...numbers], {
          metadata,
          transport: transports[transport],
          ...(username === null ? {} : { authUsername: username }),
          ...(password === null ? {} : { authPassword: password }),
        }));
      return { trunkId: trunk.sipTrunkId, address, transport, numbers: [...numbers] };
    });
  }

  /**
   * Twilio comes in by a trunk that says in the number it calls which room a customer belongs to. LiveKit takes one trunk without
   * numbers of its own and no second one: all carriers by Twilio share it.
   */
  openForTwilio(
    { sipHost, numbers }: Pick<Extract<NewCarrier, { kind: 'twilio' }>, 'sipHost' | 'numbers'>,
    secret: string,
  ): Promise<CarrierSettings> {
    return asked(async () => {
      const { username, password } = await sipLogin(secret);
      const metadata = metadataOf('twilio');
      const known = (await this.#sip.listSipInboundTrunk()).find((each) => each.metadata === metadata);
      // After our secret was changed the old password lets nobody in.
      if (known !== undefined && known.authPassword !== password)
        await this.#sip.updateSipInboundTrunkFields(known.sipTrunkId, { authPassword: password });
      const login = { metadata, authUsername: username, authPassword: password };
      const trunk = known ?? (await this.#sip.createSipInboundTrunk('earshot twilio', [], login));
      const rule = { type: 'callee', roomPrefix: '', randomize: false } as const;
      const ruleId = await this.#ruleFor(trunk.sipTrunkId, rule, 'earshot twilio');
      return { trunkId: trunk.sipTrunkId, ruleId, sipHost, numbers: [...numbers] };
    });
  }

  close({ trunkId, ruleId }: CarrierSettings): Promise<void> {
    return asked(async () => {
      if (ruleId !== undefined) await this.#sip.deleteSipDispatchRule(ruleId).catch(gone);
      if (trunkId !== undefined) await this.#sip.deleteSipTrunk(trunkId).catch(gone);
    });
  }

  /** One of our numbers, from now on in rooms of its own. @returns the rule's id */
  openLine(phone: string): Promise<string> {
    return asked(async () => {
      const metadata = metadataOf(phone);
      const known = (await this.#sip.listSipInboundTrunk()).find((each) => each.metadata === metadata);
      // Not its label: LiveKit shows names to whoever may list them.
      const trunk = known ?? (await this.#sip.createSipInboundTrunk('earshot line', [phone], { metadata }));
      const rule = { type: 'callee', roomPrefix: LINE_ROOM_PREFIX, randomize: true } as const;
      return this.#ruleFor(trunk.sipTrunkId, rule, 'earshot line');
    });
  }

  closeLine(phone: string, ruleId: string | null): Promise<void> {
    return asked(async () => {
      if (ruleId !== null) await this.#sip.deleteSipDispatchRule(ruleId).catch(gone);
      const metadata = metadataOf(phone);
      for (const each of await this.#sip.listSipInboundTrunk())
        if (each.metadata === metadata) await this.#sip.deleteSipTrunk(each.sipTrunkId).catch(gone);
    });
  }

  async #ruleFor(
    trunkId: string,
    rule: { type: 'callee'; roomPrefix: string; randomize: boolean },
    name: string,
  ): Promise<string> {
    const known = (await this.#sip.listSipDispatchRule({ trunkIds: [trunkId] })).find((each) =>
      each.trunkIds.includes(trunkId),
    );
    const made = known ?? (await this.#sip.createSipDispatchRule(rule, { name, trunkIds: [trunkId] }));
    return made.sipDispatchRuleId;
  }
}

/** LiveKit's numbers for them (`SIPTransport`). */
const transports = { auto: 0, udp: 1, tcp: 2, tls: 3 } as const;

const metadataOf = (of: string): string => JSON.stringify({ earshot: of });

async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TwirpError)) throw new TrunkRefused(false, 'no answer');
    // Without Redis LiveKit has no SIP API: "sip not connected (redis required)".
    const absent = /redis|not connected/i.test(error.message) || error.code === 'unimplemented';
    throw new TrunkRefused(absent, error.code ?? String(error.status));
  }
}

function gone(error: unknown): void {
  if (error instanceof TwirpError && error.status === 404) return;
  throw error;
}
