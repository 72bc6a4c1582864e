import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Outcome } from '../../domain/call/fact.ts';
import type { CampaignSettings } from '../../domain/campaign/campaign.ts';
import { weekdays } from '../../domain/campaign/campaign.ts';
import type { CampaignProgress } from '../../protocol/campaign-progress.ts';
import { CampaignSettingsSchema } from '../../protocol/campaign.ts';
import { OutcomeSchema } from '../../protocol/primitives.ts';
import { draftOf, newDraft, settingsOf } from '../../web/src/lib/campaign/draft.ts';
import { funnelOf } from '../../web/src/lib/campaign/funnel.ts';
import { doingSentence, leadsOf, settledOf } from '../../web/src/lib/campaign/words.ts';

const minutes = fc.integer({ min: 0, max: 1439 });
const stretch = fc
  .tuple(minutes, minutes)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const day = fc.array(
  fc.oneof(
    stretch,
    minutes.map((from) => ({ from, to: 1440 })),
  ),
  { maxLength: 6 },
);
const retry = fc.option(
  fc.integer({ min: 1, max: 40_320 }).map((afterMinutes) => ({ afterMs: afterMinutes * 60_000 })),
);

const settings: fc.Arbitrary<CampaignSettings> = fc.record({
  name: fc.constantFrom('Spring', 'Loans, second try'),
  profile: fc.constant('auto-sales'),
  script: fc.constantFrom('', 'Offer {{lead.name}} a drive.'),
  greeting: fc.constantFrom('', 'Hello {{lead.name}}.'),
  carrierId: fc.constant('carrier-1'),
  callerId: fc.option(fc.constant('+12025550143')),
  concurrency: fc.integer({ min: 1, max: 500 }),
  callsPerSecond: fc.constantFrom(0.2, 1, 5),
  windows: fc.record({ mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day }),
  retry: fc.record({ busy: retry, noAnswer: retry, voicemail: retry, failed: retry }),
  attempts: fc.integer({ min: 1, max: 20 }),
  caps: fc.record({ per24h: fc.integer({ min: 1, max: 20 }), lifetime: fc.integer({ min: 1, max: 100 }) }),
  ringMs: fc.integer({ min: 5, max: 90 }).map((seconds) => seconds * 1000),
  voicemail: fc.constantFrom('hangUp', 'leaveMessage'),
  voicemailMessage: fc.constantFrom('', 'We will try again.'),
  consent: fc.constantFrom('written', 'perLead', 'notRequired'),
});

const withoutRules = ({ retry: rules, ...rest }: CampaignSettings) => ({
  ...rest,
  retry: Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, rule?.afterMs ?? null])),
});

test('a campaign that is opened in the editor and saved is the same campaign', () => {
  fc.assert(
    fc.property(settings, (each) => {
      const saved = settingsOf(draftOf(each));
      expect(withoutRules(saved)).toEqual(withoutRules(each));
      expect(CampaignSettingsSchema.safeParse(saved).success).toBe(true);
    }),
  );
});

test('what the editor begins with is taken by the API once it has a name', () => {
  const draft = { ...newDraft('auto-sales', 'carrier-1'), name: 'Spring' };
  expect(CampaignSettingsSchema.safeParse(settingsOf(draft)).success).toBe(true);
  expect(weekdays.filter((each) => draft.windows[each].length > 0)).toEqual([
    'mon',
    'tue',
    'wed',
    'thu',
    'fri',
  ]);
});

const noLeads = {
  waiting: 0,
  dialling: 0,
  reached: 0,
  exhausted: 0,
  unreachable: 0,
  doNotCall: 0,
  withdrawn: 0,
};
const progress = (change: Partial<CampaignProgress>): CampaignProgress => ({
  campaignId: 'c1',
  name: 'Spring',
  status: 'running',
  pausedBecause: null,
  revision: 1,
  leads: noLeads,
  outcomes: {},
  dials: 0,
  live: 0,
  nextAtMs: null,
  waitsFor: null,
  recent: [],
  ...change,
});

test('every outcome of a call stands in exactly one step of the funnel', () => {
  for (const outcome of OutcomeSchema.options as readonly Outcome[]) {
    const steps = funnelOf({ outcomes: { [outcome]: 3 } });
    expect([outcome, steps.map((step) => step.count)]).toEqual([outcome, [3]]);
  }
});

test('leads that nothing more happens to are those that neither wait nor are called', () => {
  const leads = { ...noLeads, waiting: 5, dialling: 2, reached: 3, doNotCall: 1 };
  expect([leadsOf({ leads }), settledOf({ leads })]).toEqual([11, 4]);
});

test('a running campaign says what it waits for, and until when where that is known', () => {
  const nowMs = Date.UTC(2026, 10, 21, 12);
  expect(doingSentence(progress({ live: 2 }), null, nowMs)).toBe('Calling.');
  expect(doingSentence(progress({ waitsFor: 'seats' }), null, nowMs)).toBe('Waits for a free agent.');
  expect(doingSentence(progress({ waitsFor: 'hours', nextAtMs: nowMs + 3_600_000 }), null, nowMs)).toMatch(
    /^Waits for calling hours until \d\d:\d\d\.$/,
  );
  expect(doingSentence(progress({ status: 'paused', pausedBecause: 'abandonBrake' }), null, nowMs)).toContain(
    'Paused itself',
  );
});
