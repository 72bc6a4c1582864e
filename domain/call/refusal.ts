/** Why an input was not taken. A closed set: clients switch on it, people read `message`. */
export type CallRefusalCode =
  | 'call_unknown'
  | 'call_exists'
  | 'call_ended'
  | 'agent_present'
  | 'agent_superseded'
  | 'offer_unknown'
  | 'session_unknown'
  | 'spoken_after_end'
  | 'dial_not_due'
  | 'recording_gone'
  | 'call_silent'
  | 'no_agent_yet'
  | 'line_held'
  | 'line_free'
  | 'seat_not_yours'
  | 'not_recording'
  | 'too_many_orders';

export interface CallRefusal {
  readonly code: CallRefusalCode;
  readonly message: string;
}

export const callRefusals: Record<CallRefusalCode, string> = {
  call_unknown: 'There is no such call.',
  call_exists: 'This call was requested before.',
  call_ended: 'The call has ended.',
  agent_present: 'Another agent already serves this call: leave the room.',
  agent_superseded: 'This agent was given up and replaced: leave the room.',
  offer_unknown: 'This call was never offered under that number.',
  session_unknown: 'Say hello before reporting on this call.',
  spoken_after_end: 'These words were spoken after the call ended.',
  dial_not_due: 'This number is not to be rung now.',
  recording_gone: 'What was said in this call was erased: delete your copy of its recording.',
  call_silent: 'This call has no sound.',
  no_agent_yet: 'No agent serves this call yet.',
  line_held: 'A person holds the line.',
  line_free: 'Nobody holds the line.',
  seat_not_yours: 'This seat was not given to you.',
  not_recording: 'Nothing is being recorded.',
  too_many_orders: 'The agent has not followed the orders before this one yet.',
};
