import type { CallingWindows } from '../../domain/campaign/campaign.ts';
import { judgeHours } from '../../domain/dial/hours.ts';
import { localTimeIn } from '../../domain/dial/local-clock.ts';
import { zoneEvidenceOf } from '../../domain/dial/zone-evidence.ts';
import type { Lead, LeadStatus } from '../../domain/lead/lead.ts';

interface Callable {
  readonly allowed: boolean;
  readonly because: string;
  readonly localTime: string | null;
}

const noLonger: Readonly<Partial<Record<LeadStatus, string>>> = {
  dialling: 'It is being called at this moment.',
  reached: 'Somebody talked with us already.',
  exhausted: 'Its attempts are used up.',
  unreachable: 'The number does not exist.',
  doNotCall: 'The lead asked not to be called.',
  withdrawn: 'It was taken out by a person.',
};

/**
 * Whether a lead could be called now, in a sentence: what its page shows. The dialer asks again, with caps and seats, at the
 * moment of dialling.
 */
export function callableNow(
  lead: Lead,
  given: { readonly suppressed: boolean; readonly windows: CallingWindows | null; readonly nowMs: number },
): Callable {
  const { suppressed, windows, nowMs } = given;
  const evidence = zoneEvidenceOf(lead);
  const verdict = windows === null ? null : judgeHours(evidence, windows, nowMs);
  const zone = evidence.zones[0];
  const localTime = verdict?.judgedIn?.localTime ?? (zone === undefined ? null : localTimeIn(zone, nowMs));
  const not = (because: string): Callable => ({ allowed: false, because, localTime });
  if (suppressed) return not('The number is on the do-not-call list.');
  const over = noLonger[lead.status];
  if (over !== undefined) return not(over);
  if (verdict === null) return not('Its campaign is put away.');
  if (verdict.refusal === 'zoneUnknown') {
    return not('Nothing tells where the lead is: give it a time zone or a postal code.');
  }
  const [judged] = verdict.judgedIn === null ? [] : [verdict.judgedIn];
  const clock = judged === undefined ? '' : `it is ${judged.localTime.slice(11)} in ${judged.zone}`;
  if (verdict.refusal === 'neverOpen') return not('No hour of the next 15 days suits both law and campaign.');
  if (verdict.nextOpenAtMs !== null && verdict.nextOpenAtMs > nowMs && judged !== undefined) {
    const next = localTimeIn(judged.zone, verdict.nextOpenAtMs).replace('T', ' ');
    return not(`Outside calling hours: ${clock}. They open at ${next} there.`);
  }
  const waitsUntilMs = Math.max(lead.nextAttemptAtMs, lead.callBackAtMs ?? 0);
  if (waitsUntilMs > nowMs && judged !== undefined) {
    return not(
      `It waits for its next attempt, at ${localTimeIn(judged.zone, waitsUntilMs).replace('T', ' ')} there.`,
    );
  }
  const sources = [...new Set(verdict.rules.map((rule) => rule.source))].join(', ');
  return { allowed: true, because: `Within calling hours: ${clock} (${sources}).`, localTime };
}
