import type { Business } from './exchange.ts';

/** A lender that asks who wants a loan: what its customers say on lab calls and what the agent answers. */
export const LOAN_INTEREST: Business = {
  slug: 'loan-interest',
  greeting: 'Hello! I am calling about the loan you asked about on our website. Is this a good moment?',
  recognisedBy: /loan[- ]interest|\bloans?\b|\blend(?:er|ing)\b|\bmortgages?\b|\bborrow(?:er|ing)?\b/gi,
  fallback: 'I see. How much would you like to borrow, and for how long?',
  exchanges: [
    {
      id: 'good-moment',
      customer: 'Yes this is a good moment to talk.',
      agent: 'Thank you. What would you like to use the loan for?',
    },
    {
      id: 'kitchen-extension',
      customer: 'We want to build a bigger kitchen at home.',
      agent: 'How nice. A new kitchen is one of our most common reasons. How much do you think it will cost?',
      action: 'record_answer',
      arguments: { question: 'purpose', answer: 'a bigger kitchen at home' },
    },
    {
      id: 'twenty-thousand',
      customer: 'About twenty thousand pounds should be enough for us.',
      agent:
        'That is well within our range. Over five years you would pay about three hundred and ninety pounds a month.',
      action: 'record_answer',
      arguments: { question: 'amount', answer: 'about twenty thousand pounds' },
    },
    {
      id: 'interest-rate',
      customer: 'Which interest rate are you offering at present?',
      agent:
        'It starts at six point four per cent. The exact rate depends on your income and on your credit history.',
    },
    {
      id: 'credit-score',
      customer: 'Will this application damage my credit score?',
      agent: 'No, it will not. We make a soft check first, and other lenders cannot see it.',
    },
    {
      id: 'early-penalty',
      customer: 'Are there any penalties for paying early?',
      agent:
        'There are none. You can pay it back early at any time, and you only pay interest until that day.',
    },
    {
      id: 'documents',
      customer: 'What documents should I bring to the meeting?',
      agent: 'Just three things. Please bring a passport, your last three payslips and one household bill.',
    },
    {
      id: 'both-nurses',
      customer: 'Both of us work full time as nurses.',
      agent: 'That is a great help. Two steady incomes usually bring the rate down.',
    },
    {
      id: 'first-house',
      customer: 'My partner and I are buying our first house.',
      agent: 'Congratulations! That is a big step. Have you found the house already?',
    },
    {
      id: 'found-cottage',
      customer: 'There is a little cottage near the river we like.',
      agent: 'It sounds charming. What deposit do you have in mind?',
    },
    {
      id: 'call-weekend',
      customer: 'Wonderful please phone me again after the weekend.',
      agent: 'I will. Would Monday at eleven be all right?',
    },
    {
      id: 'monday-fine',
      customer: 'Monday is fine so have a nice day and goodbye.',
      agent: 'Until Monday then. Goodbye!',
      action: 'end_call',
    },
    {
      id: 'think-goodbye',
      customer: 'Let me think it over with my family and goodbye.',
      agent: 'Of course. Take all the time you need. Goodbye!',
      action: 'end_call',
    },
  ],
};
