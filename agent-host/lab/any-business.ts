import type { Exchange } from './exchange.ts';

/** Lines that customers say to any business. */
export const ANY_BUSINESS: readonly Exchange[] = [
  {
    id: 'real-person',
    customer: 'Please let me speak with a real person.',
    agent: 'I understand. I will ask a colleague to take over as soon as one is free.',
    action: 'request_human',
  },
  {
    id: 'still-there',
    customer: 'Excuse me are you still on the line?',
    agent: 'Yes, I am here. I am sorry for the wait. How can I help?',
  },
  {
    id: 'once-more',
    customer: 'Would you say that once more for me?',
    agent: 'Of course. Let me say it once more.',
  },
  {
    id: 'somebody-at-door',
    customer: 'Give me a minute because somebody is ringing the bell.',
    agent: 'Of course. I will wait for you.',
  },
  {
    id: 'back-again',
    customer: 'Okay now I am back on the phone.',
    agent: 'Welcome back. Where were we?',
  },
  {
    id: 'record-agreed',
    customer: 'Sure you may record our conversation.',
    agent: 'Thank you. The recording helps us to train our team.',
  },
  {
    id: 'not-interested',
    customer: 'I am afraid this does not interest me.',
    agent: 'That is quite all right. Thank you for your time, and goodbye!',
    action: 'end_call',
  },
  {
    id: 'never-call',
    customer: 'Take my number off your list and never ring again.',
    agent: 'I am sorry for the trouble. I have taken your number off our list. Goodbye!',
    action: 'end_call',
  },
  {
    id: 'try-tomorrow',
    customer: 'Then it is better if I try again tomorrow.',
    agent: 'I am sorry that nobody was free. We look forward to your call. Goodbye!',
    action: 'end_call',
  },
];
