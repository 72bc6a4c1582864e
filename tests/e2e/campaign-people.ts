import { PEOPLE, reactionOf } from '../../agent-host/lab/telephone/people.ts';
import { zoneEvidenceOf } from '../../domain/dial/zone-evidence.ts';
import { judgeHours } from '../../domain/dial/hours.ts';
import type { Outcome } from '../../domain/call/fact.ts';
import type { CallingWindows } from '../../domain/campaign/campaign.ts';
import type { LeadStatus } from '../../domain/lead/lead.ts';

/** Dials a lead has in this test. */
export const ATTEMPTS = 2;

const day = [{ from: 0, to: 1440 }];
export const always: CallingWindows = {
  mon: day,
  tue: day,
  wed: day,
  thu: day,
  fri: day,
  sat: day,
  sun: day,
};

/** Area codes of places with the federal hours and no narrower ones of their own. */
const AREAS = ['212', '202', '415', '312', '303', '503', '404', '614', '919', '602'];
/** 555-01xx belongs to nobody; the last two digits say who answers in the lab. */
export const numberOf = (who: string, which = 0): string => `+1${AREAS[which] ?? '212'}55501${who}`;

/** A zone in which the law says the same, open or closed, from now until `forMs` later. */
export function zoneThatIs(open: boolean, number: string, forMs: number): string {
  const nowMs = Date.now();
  const found = Intl.supportedValuesOf('timeZone').find((zone) => {
    const evidence = zoneEvidenceOf({ phone: number, zone, postalCode: null });
    const verdict = judgeHours(evidence, always, nowMs);
    if (open) return verdict.open && judgeHours(evidence, always, nowMs + forMs).open;
    return verdict.refusal === 'outsideHours' && (verdict.nextOpenAtMs ?? 0) > nowMs + forMs;
  });
  if (found === undefined) throw new Error('it is at no place on earth so');
  return found;
}

export interface Expected {
  readonly status: LeadStatus;
  /** Of each dial in order, any of these. */
  readonly dials: readonly (readonly Outcome[])[];
}

const TALKED: readonly Outcome[] = ['completed', 'customerHungUp'];

/** What becomes of a lead in the lab, by the table of its people and the campaign's two attempts. */
export function expectedOf(number: string): Expected {
  const dials: (readonly Outcome[])[] = [];
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const reaction = reactionOf(number, attempt);
    switch (reaction.kind) {
      case 'invalidNumber':
        return { status: 'unreachable', dials: [...dials, ['invalidNumber']] };
      case 'failed':
        dials.push(['carrierFailed']);
        break;
      case 'busy':
      case 'declined':
      case 'noAnswer':
        dials.push([reaction.kind]);
        break;
      case 'answers':
        if (reaction.as === 'mailbox') {
          dials.push(['voicemail']);
          break;
        }
        dials.push(TALKED);
        if (reaction.as === 'wants-call-back') return { status: 'waiting', dials };
        if (reaction.as.startsWith('never-again')) return { status: 'doNotCall', dials };
        return { status: 'reached', dials };
    }
  }
  return { status: 'exhausted', dials };
}

export const everybody = Object.keys(PEOPLE);
