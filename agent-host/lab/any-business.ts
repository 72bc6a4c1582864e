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
    agent: 'I am sorry for the trouble. Shall we really never call you again?',
    action: 'do_not_call',
    arguments: { customer: 'asks' },
  },
  {
    id: 'never-call-sure',
    customer: 'Yes I am quite sure about not being called.',
    agent: 'Then it is done. Goodbye!',
    action: 'do_not_call',
    arguments: { customer: 'confirms' },
  },
  {
    id: 'call-tomorrow',
    customer: 'Could you call me back tomorrow at this time?',
    agent: 'Gladly. I will call you tomorrow at this time.',
    action: 'schedule_call_back',
    arguments: { inMinutes: 1_440 },
  },
  {
    id: 'suits-goodbye',
    customer: 'That suits me very well so goodbye until then.',
    agent: 'Until tomorrow. Goodbye!',
    action: 'end_call',
  },
  {
    id: 'who-calls',
    customer: 'Hello who is this and why do you call?',
    agent: 'Good day. This is the assistant. Do you have a minute to talk?',
  },
  {
    id: 'mailbox-greeting',
    customer: 'You have reached my mailbox so leave a message after the tone.',
    agent: 'Please call us back.',
  },
  {
    id: 'try-tomorrow',
    customer: 'Then it is better if I try again tomorrow.',
    agent: 'I am sorry that nobody was free. We look forward to your call. Goodbye!',
    action: 'end_call',
  },
];
