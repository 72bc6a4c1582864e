import type { Profile } from './profile.ts';
import { toolNames } from './profile.ts';

/** What a profile says where its makers say nothing. */
export const profileDefaults = {
  language: 'en-US',
  otherLanguages: [],
  disclosureLine: null,
  busyLine: 'All our agents are busy right now. We will call you back as soon as one is free. Goodbye.',
  takeOverLine: 'One moment please, a colleague is joining us.',
  handBackLine: 'I am with you again.',
  operatorLostLine: 'I am sorry, we lost my colleague. I am with you again.',
  goodbyeLine: 'Thank you for your time. Goodbye.',
  outageLine: 'I am sorry, I have a technical problem. A colleague will call you back. Goodbye.',
  voicemailLine: null,
  hearing: [],
  thinking: [],
  speaking: [],
  realtime: null,
  speakingRate: 1,
  tools: toolNames.filter((each) => !each.includes('vehicle')),
  httpTools: [],
  questions: [],
  transferTo: null,
  maximumDurationS: 1_800,
  maximumSpendMicros: null,
  silence: { askAfterS: 12, asks: 2, line: 'Are you still there?' },
  recording: 'on',
  consentLine: null,
} satisfies Omit<Profile, 'slug' | 'title' | 'greeting' | 'instructions'>;
