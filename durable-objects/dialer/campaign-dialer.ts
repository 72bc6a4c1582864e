import { DurableObject } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import type { Settlement } from '../../domain/dial/settlement.ts';
import type { ChainHead } from '../../domain/dial/chain.ts';
import type { CampaignProgress } from '../../protocol/campaign-progress.ts';
import { profileInUse } from '../../database/profiles.ts';
import { beginCall } from '../begin-call.ts';
import type { Env } from '../env.ts';
import { boardOf, callRoomOf, dialerOf, fleetOf } from '../env.ts';
import { tellCampaign } from '../tell-campaign.ts';
import { mediaServerOf } from '../media-server.ts';
import { sha256 } from '../sha256.ts';
import { toldOf } from './call-order.ts';
import { MANUAL } from './dial-steps.ts';
import type { DialerOutside, DialerSurroundings } from './dialer-surroundings.ts';
import type { CalledByHand } from './hand-dialer.ts';
import { HandDialer } from './hand-dialer.ts';
import { LiveDialer } from './live-dialer.ts';

/**
 * The Durable Object of one campaign, or of all calls by hand: gives a dialer its storage, clock and alarm, and nothing
 * else. Whoever calls names it, for an object does not know its own name when its alarm rings.
 */
export class CampaignDialer extends DurableObject<Env> {
  #live: LiveDialer | null = null;
  #hand: HandDialer | null = null;

  wake(name: string): void {
    if (name !== MANUAL) this.#campaign(name).wake();
  }

  async settle(name: string, end: Settlement): Promise<void> {
    await (name === MANUAL ? this.#byHand() : this.#campaign(name)).settle(end);
  }

  progress(name: string): Promise<CampaignProgress | null> {
    return this.#campaign(name).progress();
  }

  callByHand(leadId: string, callId: string, requestedBy: string): Promise<CalledByHand> {
    return this.#byHand().call(leadId, callId, requestedBy);
  }

  /** Up to where its chain goes, once D1 has all of it. */
  chainHead(name: string): Promise<ChainHead> {
    return (name === MANUAL ? this.#byHand() : this.#campaign(name)).chainHead();
  }

  override async alarm(): Promise<void> {
    const name = this.ctx.storage.kv.get<string>('name');
    if (name === MANUAL) await this.#byHand().alarm();
    else if (name !== undefined) this.#campaign(name).alarm();
  }

  #campaign(name: string): LiveDialer {
    this.#live ??= new LiveDialer(this.#named(name), outsideOf(this.env), name);
    return this.#live;
  }

  #byHand(): HandDialer {
    this.#hand ??= new HandDialer(this.#named(MANUAL), outsideOf(this.env));
    return this.#hand;
  }

  #named(name: string): DialerSurroundings {
    const { storage } = this.ctx;
    if (storage.kv.get<string>('name') !== name) storage.kv.put('name', name);
    return {
      sql: storage.sql,
      kv: storage.kv,
      transaction: (work) => storage.transactionSync(work),
      nowMs: () => Date.now(),
      setAlarm: (atMs) => void (atMs === null ? storage.deleteAlarm() : storage.setAlarm(atMs)),
      background: (work) => this.ctx.waitUntil(work),
    };
  }
}

/** The deployment around a dialer. */
function outsideOf(env: Env): DialerOutside {
  return {
    database: env.DB,
    media: mediaServerOf(env) === null ? 'silent' : 'livekit',
    newCallId: uuidv7,
    sha256,
    async freeSeats() {
      const { seats, taken } = await fleetOf(env).seats();
      return seats - taken;
    },
    async requestCall(request, lead) {
      const published = await profileInUse(env.DB, request.profile);
      if (published === null) throw new Error('a campaign starts only with a profile that was published');
      const { recording, briefing, ...rest } = request;
      const { instructions } = published.profile;
      const told = briefing === undefined ? {} : { briefing: toldOf(lead, briefing, instructions) };
      await beginCall(env, { ...rest, ...told }, published, recording);
    },
    callNews: (callId) => callRoomOf(env, callId).news(),
    announce: (progress) => boardOf(env).campaign(progress),
    tell: (event) => tellCampaign(env, event),
    wakeCampaign: (campaignId) => dialerOf(env, campaignId).wake(campaignId),
  };
}
