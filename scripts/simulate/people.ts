import type { CallInput } from '../../domain/call/input.ts';
import type { DialDecision } from '../../domain/dial/decision.ts';
import type { Stage } from './stage.ts';
import { CALL_ID, NUMBER, START_MS } from './stage.ts';
import { RING_MS } from './telephone.ts';

type Request = Extract<CallInput, { type: 'requestCall' }>;

const requested: Request = {
  type: 'requestCall',
  callId: CALL_ID,
  epoch: 'e1',
  room: `call-${CALL_ID}`,
  profile: 'auto-sales',
  channel: 'web',
  media: 'livekit',
  contact: { name: null },
  requestedBy: 'customer',
};

/** No rule of a call looks into it. */
const decision: DialDecision = {
  seq: 1,
  chain: 'manual',
  atMs: START_MS,
  leadId: 'l1',
  callId: CALL_ID,
  verdict: 'allowed',
  refusal: null,
  zone: { source: 'none', zones: [], regions: [] },
  judgedIn: null,
  rules: [],
  campaignHours: [],
  nextOpenAtMs: null,
  caps: { last24h: 0, per24h: 1, ever: 0, lifetime: 1, attempts: 0, budget: 1 },
  doNotCall: false,
  consent: { basis: 'written', evidence: null },
  because: 'allowed',
  previousHash: '',
  hash: '',
};

const toBeRung: Request = {
  ...requested,
  channel: 'phone',
  requestedBy: 'dialer',
  phone: { direction: 'outbound', number: NUMBER, line: null },
  lead: { leadId: 'l1', campaignId: 'k1' },
  dial: {
    carrierId: 'carrier',
    carrier: 'lab',
    callerId: null,
    ringMs: RING_MS,
    voicemail: 'hangUp',
    decision,
  },
};

/** Asks for the call until it is answered; the same again changes nothing, another call under its id is refused. */
export function requestCall({ chance, clock, complain, dialled, host }: Stage): void {
  const request = dialled ? toBeRung : requested;
  while (host.take(request) === null);
  if (chance.happens(0.3)) {
    clock.after(chance.delay(1, 60_000), () => {
      const again = host.take(request);
      if (again !== null && !again.ok) complain('LEDGER-1', 'a request asked again was refused');
    });
  }
  if (chance.happens(0.3)) {
    clock.after(chance.delay(1, 60_000), () => {
      const other = host.take({ ...request, epoch: 'e2' });
      if (other?.ok) complain('LEDGER-1', 'a second call was accepted under the same id');
    });
  }
}

/** A supervisor hangs up, sometimes twice, sometimes when it is over. */
export function bringPeople({ chance, clock, complain, host, ledger }: Stage): void {
  const hangUp = (): void => {
    const over = ledger.model.end !== null;
    const taken = host.take({ type: chance.happens(0.7) ? 'hangUp' : 'markCompleted', by: 'u1' });
    if (taken !== null && taken.ok === over) complain('LEDGER-3', 'a hang-up was answered wrongly');
  };
  if (!chance.happens(0.25)) return;
  const atMs = chance.between(1_000, 120_000);
  clock.after(atMs, hangUp);
  if (chance.happens(0.5)) clock.after(atMs + chance.between(0, 20_000), hangUp);
}
