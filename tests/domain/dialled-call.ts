import type { CallInput, Liveness, Observation } from '../../domain/call/input.ts';
import type { DialDecision } from '../../domain/dial/decision.ts';
import { hello, Ledger, requestCall } from './ledger.ts';

export const RING_MS = 25_000;
export const NUMBER = '+12125550142';

/** Why it may be dialled: the parts that no rule of a call looks at are as small as they can be. */
export const allowed: DialDecision = {
  seq: 1,
  chain: 'manual',
  atMs: 1_790_000_000_000,
  leadId: 'l1',
  callId: 'c1',
  verdict: 'allowed',
  refusal: null,
  zone: { source: 'given', zones: ['America/New_York'], regions: ['US-NY'] },
  judgedIn: { zone: 'America/New_York', localTime: '2026-11-21T10:03' },
  rules: [{ ruleId: 'us', region: 'US', source: '47 CFR 64.1200(c)(1)', from: 480, to: 1_260 }],
  campaignHours: [{ from: 540, to: 1_200 }],
  nextOpenAtMs: null,
  caps: { last24h: 0, per24h: 3, ever: 0, lifetime: 10, attempts: 0, budget: 3 },
  doNotCall: false,
  consent: { basis: 'written', evidence: null },
  because: 'allowed',
  previousHash: '',
  hash: 'h',
};

/** The request of a call in which we ring somebody. */
export const dialledRequest: Extract<CallInput, { type: 'requestCall' }> = {
  ...requestCall,
  channel: 'phone',
  requestedBy: 'dialer',
  phone: { direction: 'outbound', number: NUMBER, line: '+12125550100' },
  lead: { leadId: 'l1', campaignId: 'k1' },
  dial: {
    carrierId: 'carrier-1',
    carrier: 'lab',
    callerId: '+12125550100',
    ringMs: RING_MS,
    voicemail: 'hangUp',
    decision: allowed,
  },
};

export const CUSTOMER = { identity: 'customer-c1', connection: 'PA_1' };

/** A dialled call on a virtual clock, with words for what usually happens to one. */
export class DialledCall extends Ledger {
  constructor() {
    super();
    this.take(dialledRequest);
  }

  agentComes(number = this.call!.agents.length + 1): this {
    this.take({ type: 'agentChosen', hostId: `host-${number}`, agentName: `host-${number}` });
    this.take(hello(this.call!.lastOffer, `s${number}`, this.nowMs));
    return this;
  }

  rings(): this {
    this.take({ type: 'startDial' });
    this.take({ type: 'dialPlaced', reference: 'CA1' });
    this.take({ type: 'dialRinging' });
    return this;
  }

  answers(): this {
    this.take({ type: 'customerSeen', participant: CUSTOMER });
    return this;
  }

  observes(observation: Observation): string {
    return this.take({ type: 'observe', session: this.call!.agents.at(-1)?.session ?? '', observation });
  }

  clock(afterMs: number, liveness: Partial<Liveness> = {}): this {
    this.nowMs += afterMs;
    const link: Liveness = { agentLinkLostAtMs: null, lastSignAtMs: this.nowMs, ...liveness };
    this.take({ type: 'clock', liveness: link });
    return this;
  }

  owes(type: string): number {
    return this.owed.filter((each) => each.effect.type === type).length;
  }
}
