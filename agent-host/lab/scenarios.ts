/** What the scripted customers do on a call, as lists of steps for `caller.ts`. */
import type { BusinessSlug } from './exchange.ts';
import { pick } from './seeded-random.ts';

export type Step =
  /** Waits until the agent has spoken and fallen quiet, then says the line. */
  | { readonly do: 'say'; readonly line: string }
  /** Says the line at once, whoever else may be speaking: as machines do, and people who pick up. */
  | { readonly do: 'pick up'; readonly line: string }
  /** A tone of so long, as a mailbox gives before it listens. */
  | { readonly do: 'beep'; readonly forMs: number }
  /** Says the line over the agent, once the agent has spoken for so long. */
  | { readonly do: 'interrupt'; readonly line: string; readonly afterMs: number }
  /** Begins the line in turn, breaks off in the middle of the word after so many, and leaves. */
  | {
      readonly do: 'break off';
      readonly line: string;
      readonly afterWords: number;
      readonly leaveAfterMs: number;
    }
  /** Says nothing for so long. */
  | { readonly do: 'stay silent'; readonly forMs: number }
  /** Waits on hold for a voice, at most so long, and goes on according to whether one came. */
  | {
      readonly do: 'hold';
      readonly forMs: number;
      readonly answered: readonly Step[];
      readonly alone: readonly Step[];
    };

export const BEHAVIOURS = [
  'polite-buyer',
  'interrupts',
  'hangs-up-mid-sentence',
  'silent',
  'asks-for-person',
  'loan-curious',
  'short-answer',
  'picks-up-and-asks',
  'never-again',
  'never-again-hangs-up',
  'wants-call-back',
  'mailbox',
  'looks-up-vehicle',
  'adds-vehicle',
  'answers-questions',
] as const;

export type Behaviour = (typeof BEHAVIOURS)[number];

/** The profile that a behaviour talks to. */
export function businessFor(behaviour: Behaviour): BusinessSlug {
  return behaviour === 'loan-curious' || behaviour === 'answers-questions' ? 'loan-interest' : 'auto-sales';
}

/** The steps of one call; behaviours with several variants choose by chance. */
export function scriptFor(behaviour: Behaviour, random: () => number): readonly Step[] {
  return pick(SCRIPTS[behaviour], random)(random);
}

type Script = (random: () => number) => readonly Step[];

const say = (line: string): Step => ({ do: 'say', line });
const says =
  (...lines: readonly string[]): Script =>
  () =>
    lines.map(say);
const between = (random: () => number, low: number, high: number) =>
  Math.round(low + random() * (high - low));

const SCRIPTS: Readonly<Record<Behaviour, readonly Script[]>> = {
  'polite-buyer': [
    says('saw-hatchback', 'ask-cost', 'trade-in-van', 'test-drive', 'ten-suits', 'thanks-goodbye'),
    says('family-car', 'seven-seats', 'automatic-gearbox', 'mileage-age', 'send-details', 'kind-goodbye'),
    says(
      'daughter-passed',
      'cheap-insurance',
      'warranty',
      'monthly-instalments',
      'visit-thursday',
      'everything-goodbye',
    ),
  ],
  'loan-curious': [
    says('good-moment', 'kitchen-extension', 'twenty-thousand', 'credit-score', 'documents', 'think-goodbye'),
    says(
      'good-moment',
      'first-house',
      'found-cottage',
      'both-nurses',
      'interest-rate',
      'call-weekend',
      'monday-fine',
    ),
    says('interest-rate', 'twenty-thousand', 'early-penalty', 'think-goodbye'),
  ],
  interrupts: [
    (random) => [
      say('electric-model'),
      { do: 'interrupt', line: 'only-colour', afterMs: between(random, 4_000, 9_000) },
      say('copper-please'),
      say('opening-hours'),
      { do: 'interrupt', line: 'just-sunday', afterMs: between(random, 3_000, 8_000) },
      say('thanks-goodbye'),
    ],
    (random) => [
      say('opening-hours'),
      { do: 'interrupt', line: 'just-sunday', afterMs: between(random, 3_000, 8_000) },
      say('electric-model'),
      { do: 'interrupt', line: 'only-colour', afterMs: between(random, 4_000, 9_000) },
      say('everything-goodbye'),
    ],
  ],
  'hangs-up-mid-sentence': [
    (random) => [
      say('sell-motorbike'),
      {
        do: 'break off',
        line: 'ask-brother',
        afterWords: between(random, 6, 9),
        // Some put the phone down, some let it fall.
        leaveAfterMs: random() < 0.5 ? 0 : 1_200,
      },
    ],
  ],
  'short-answer': [says('good-moment', 'think-goodbye'), says('not-interested')],
  'picks-up-and-asks': [
    () => [{ do: 'pick up', line: 'who-calls' }, say('good-moment'), say('think-goodbye')],
  ],
  'never-again': [says('never-call', 'never-call-sure')],
  'never-again-hangs-up': [() => [say('never-call'), { do: 'stay silent', forMs: 1_500 }]],
  'looks-up-vehicle': [
    says('vin-accord', 'number-right', 'about-that-one', 'everything-goodbye'),
    says('look-mine-up', 'vin-accord', 'number-right', 'about-that-one', 'everything-goodbye'),
  ],
  'adds-vehicle': [says('vin-tesla', 'number-right', 'my-tesla', 'add-mine', 'everything-goodbye')],
  'answers-questions': [
    says('kitchen-extension', 'twenty-thousand', 'interest-rate', 'think-goodbye'),
    says('good-moment', 'kitchen-extension', 'twenty-thousand', 'interest-rate', 'think-goodbye'),
  ],
  'wants-call-back': [says('call-tomorrow', 'suits-goodbye')],
  // Records for a while, as mailboxes do, and then puts the receiver down.
  mailbox: [
    () => [
      { do: 'pick up', line: 'mailbox-greeting' },
      { do: 'beep', forMs: 600 },
      { do: 'stay silent', forMs: 20_000 },
    ],
  ],
  silent: [(random) => [{ do: 'stay silent', forMs: between(random, 20_000, 30_000) }]],
  'asks-for-person': [
    () => [
      say('broken-car'),
      say('real-person'),
      {
        do: 'hold',
        forMs: 45_000,
        answered: [say('grinding-brakes'), say('thanks-goodbye')],
        alone: [say('try-tomorrow')],
      },
    ],
  ],
};
