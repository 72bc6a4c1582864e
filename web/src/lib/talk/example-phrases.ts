/**
 * What the demonstration lines understand: a selection of `agent-host/lab`'s phrases, word for word, for its
 * recogniser knows no others.
 */
const anyLine: readonly string[] = [
  'Please let me speak with a real person.',
  'Would you say that once more for me?',
  'Excuse me are you still on the line?',
];

const byProfile: Readonly<Record<string, readonly string[]>> = {
  'auto-sales': [
    'I saw the blue hatchback on your website.',
    'Yes please tell me how much it costs.',
    'We have an old delivery van to trade in.',
    'Could somebody arrange a test drive for Saturday morning?',
    'Ten in the morning suits me very well.',
    'Tell me everything about your new electric model.',
    'Thank you for all your help and goodbye.',
  ],
  'loan-interest': [
    'Yes this is a good moment to talk.',
    'We want to build a bigger kitchen at home.',
    'About twenty thousand pounds should be enough for us.',
    'Which interest rate are you offering at present?',
    'Are there any penalties for paying early?',
    'Monday is fine so have a nice day and goodbye.',
  ],
};

export const examplePhrases = (profile: string): readonly string[] => [
  ...(byProfile[profile] ?? []),
  ...anyLine,
];
