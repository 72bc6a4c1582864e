import type { PlantedBug } from '../simulate/planted/bug.ts';

const CONDITIONS = 'database/dial-conditions.ts';
const DIALS = 'database/dials.ts';
const LOOK = 'durable-objects/dialer/last-look.ts';

/**
 * Small wrong versions of the dialer that its simulation must notice. Those of one name are planted together: where two
 * lines guard the same thing, one of them alone is no bug.
 */
export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'one zone of two',
    what: 'the first zone that fits decides',
    file: 'domain/dial/hours.ts',
    right: 'for (const zone of evidence.zones) {',
    wrong: 'for (const zone of evidence.zones.slice(0, 1)) {',
  },
  {
    name: 'hours not looked at again',
    what: 'only the do-not-call list and the slot are looked at before it rings',
    file: LOOK,
    right: '  if (!open) return',
    wrong: '  if (!open && atMs < 0) return',
  },
  {
    name: 'old permission',
    what: 'however late the answer comes, it rings',
    file: LOOK,
    right: 'nowMs() - atMs > STALE_MS',
    wrong: 'nowMs() - atMs > 1e9',
  },
  {
    name: 'suppressed rings',
    what: 'the list is looked at when a lead is judged, and not again',
    file: LOOK,
    right: 'if (dial.suppressed) return',
    wrong: 'if (dial.suppressed && !dial.live) return',
  },
  {
    name: 'suppressed rings',
    what: 'nor in the claim',
    file: CONDITIONS,
    right: "doNotCall: 'NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.phone = l.phone)'",
    wrong: "doNotCall: '1'",
  },
  {
    name: 'suppressed rings',
    what: 'nor in the statement that lets it ring',
    file: 'database/last-look.ts',
    right:
      'AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.phone = dials.phone)\n         AND EXISTS (SELECT 1 FROM leads',
    wrong: 'AND EXISTS (SELECT 1 FROM leads',
  },
  {
    name: 'caps count campaigns apart',
    what: 'dials of the number in other campaigns do not count',
    file: CONDITIONS,
    right: 'FROM dials x WHERE x.phone = l.phone AND (x.ended_at_ms',
    wrong: 'FROM dials x WHERE x.phone = l.phone AND x.lead_id = l.lead_id AND (x.ended_at_ms',
  },
  {
    name: 'caps count campaigns apart',
    what: 'nor are they counted when a lead is judged',
    file: 'database/dial-queue.ts',
    right: 'WHERE x.phone = l.phone AND (x.ended_at_ms IS NULL OR x.rung_at_ms IS NOT NULL)) AS dialled',
    wrong: 'WHERE x.phone = l.phone AND x.lead_id = l.lead_id) AS dialled',
  },
  {
    name: 'law caps nothing',
    what: 'only the campaign says how often',
    file: 'domain/dial/judge.ts',
    right: 'callsPer24h === null ? per24h : Math.min(per24h, callsPer24h)',
    wrong: 'callsPer24h === null ? per24h : per24h',
  },
  {
    name: 'slots of the carrier forgotten',
    what: 'the carrier takes any number of calls',
    file: CONDITIONS,
    right:
      "slots: `((${LIVE} AND x.campaign_id = c.campaign_id) < ${setting('concurrency')}\n    AND (${LIVE}) < d.concurrency AND (${LIVE} AND x.carrier_id = k.carrier_id) < k.concurrency)`,\n  pace: `(${inPace('started_at_ms', ofCampaign",
    wrong:
      "slots: `((${LIVE} AND x.campaign_id = c.campaign_id) < 1e6)`,\n  pace: `(${inPace('started_at_ms', ofCampaign",
  },
  {
    name: 'rings at any pace',
    what: 'only claims are paced, though agents come when they come',
    file: 'database/last-look.ts',
    right: 'WHERE d.one = 1 AND ${PACE})',
    wrong: 'WHERE d.one = 1)',
  },
  {
    name: 'outcome given again',
    what: 'a repeated settlement counts the attempt back twice',
    file: DIALS,
    right: `WHERE lead_id = ?2 AND status = 'dialling' AND last_call_id = ?1\n    AND`,
    wrong: `WHERE lead_id = ?2 AND last_call_id = ?1\n    AND`,
  },
  {
    name: 'a ringing call is given back',
    what: 'a call whose request was late is taken for none although it was let ring meanwhile',
    file: 'durable-objects/dialer/dial-steps.ts',
    right: '      unlessLetRing: true,\n',
    wrong: '',
  },
  {
    name: 'lost end never asked for',
    what: 'a call that was requested is believed to tell of its end',
    file: 'durable-objects/dialer/dial-steps.ts',
    right: "if (step === 'requested') return askedAtMs + ASK_MS;",
    wrong: "if (step === 'requested') return askedAtMs + 1e12;",
  },
  {
    name: 'claim forgotten',
    what: 'a claim whose answer was lost is taken for refused',
    file: 'durable-objects/dialer/dial-steps.ts',
    right: 'nowMs - each.atMs > MAY_ARRIVE_MS);',
    wrong: 'nowMs - each.atMs >= 0);',
  },
  {
    name: 'claim forgotten',
    what: 'nor does anybody look in D1 for dials that no book has',
    file: 'durable-objects/dialer/live-dialer.ts',
    right: 'if (this.#adopted) return;',
    wrong: 'if (!this.#adopted) return;',
  },
  {
    name: 'decisions lost',
    what: 'a page of decisions is believed delivered before it is',
    file: 'durable-objects/dialer/dial-steps.ts',
    right: '      await appendDecisions(this.#outside.database, owed);\n      this.#book.delivered(owed);',
    wrong: '      this.#book.delivered(owed);\n      await appendDecisions(this.#outside.database, owed);',
  },
  {
    name: 'budget refilled',
    what: 'every attempt is given back',
    file: 'domain/campaign/follow-up.ts',
    right: "if (!end.rung && end.outcome !== 'invalidNumber') {",
    wrong: "if ((!end.rung || end.outcome === 'busy') && end.outcome !== 'invalidNumber') {",
  },
];
