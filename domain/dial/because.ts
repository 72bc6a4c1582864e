import type { DialDecision, RuleApplied, ZoneEvidence } from './decision.ts';

type Explained = Pick<
  DialDecision,
  'refusal' | 'zone' | 'judgedIn' | 'rules' | 'campaignHours' | 'caps' | 'consent'
>;

/**
 * A decision as one sentence for people, without personal data: "Allowed because it is 10:03 in Chicago (zone given with
 * the lead), US-IL allows 8:00–21:00, 1 of 3 calls in 24 hours, not on the do-not-call list."
 */
export function becauseOf(decision: Explained): string {
  const { refusal, caps } = decision;
  if (refusal === null) {
    const consent = consentWords[decision.consent.basis];
    return `Allowed because ${[
      ...clock(decision),
      `${caps.last24h} of ${caps.per24h} calls in 24 hours`,
      'not on the do-not-call list',
      ...(consent === undefined ? [] : [consent]),
    ].join(', ')}.`;
  }
  return `Refused because ${refused(decision, refusal)}.`;
}

const consentWords: Readonly<Record<string, string>> = {
  written: 'consent is held in writing',
  perLead: 'consent stands with the lead',
};

function refused(decision: Explained, refusal: NonNullable<Explained['refusal']>): string {
  const { caps } = decision;
  switch (refusal) {
    case 'doNotCall':
      return 'the number is on the do-not-call list';
    case 'zoneUnknown':
      return 'nothing tells where the lead is, so that no hour is known to be allowed';
    case 'noConsent':
      return 'no consent stands with the lead';
    case 'attemptsUsed':
      return `all ${caps.budget} attempts are used`;
    case 'lifetimeCap':
      return `the number was called ${caps.ever} times and may be ${caps.lifetime} times ever`;
    case 'dailyCap':
      return `${caps.last24h} of ${caps.per24h} calls in 24 hours were made`;
    case 'numberBusyWithUs':
      return 'the number is being called already';
    case 'outsideHours':
      return clock(decision).join(', ');
    case 'neverOpen':
      return [...clock(decision), 'and no hour of the coming two weeks allows both'].join(', ');
  }
}

function clock({ judgedIn, zone, rules, campaignHours }: Explained): string[] {
  const time = judgedIn === null ? '' : `${judgedIn.localTime.slice(11)} in ${place(judgedIn.zone)}`;
  const campaign = campaignHours.length === 0 ? 'nothing that day' : campaignHours.map(stretch).join(' and ');
  return [`it is ${time} (${evidence[zone.source]})`, ...byRegion(rules), `the campaign allows ${campaign}`];
}

const evidence: Readonly<Record<ZoneEvidence['source'], string>> = {
  given: 'zone given with the lead',
  postalCode: 'zone by its postal code',
  number: 'zone by its number',
  none: 'zone unknown',
};

/** `America/New_York` is New York to people. */
const place = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');

function byRegion(rules: readonly RuleApplied[]): string[] {
  const regions = [...new Set(rules.map((each) => each.region))];
  return regions.map((region) => {
    const hours = rules.filter((each) => each.region === region && each.from < each.to);
    return `${regionWords(region)} allows ${hours.length === 0 ? 'nothing that day' : hours.map(stretch).join(' and ')}`;
  });
}

/** `*` stands for places whose law our table does not have. */
const regionWords = (region: string): string => (region === '*' ? 'our own rule' : region);

const stretch = ({ from, to }: { readonly from: number; readonly to: number }): string =>
  `${minutes(from)}–${minutes(to)}`;
const minutes = (of: number): string => `${Math.floor(of / 60)}:${String(of % 60).padStart(2, '0')}`;
