import type { CallState } from '../../../../domain/call/state.ts';
import { customerPresent, presentAgent } from '../../../../domain/call/state.ts';
import { isCurrent, type Connection } from '../live/connection.ts';
import { roleMayHangUp, type Role } from '../call/hang-up.ts';
import type { Line } from './line.ts';

export type Control =
  'listen' | 'whisper' | 'whisperVoice' | 'say' | 'takeOver' | 'handBack' | 'pauseRecording' | 'flag';

/** Whether a control is on, and in words why it is not. */
export interface Offer {
  readonly enabled: boolean;
  readonly why: string | null;
}

export interface Circumstances {
  readonly call: CallState | null;
  readonly connection: Connection;
  readonly role: Role;
  readonly line: Line;
}

/** Steering is a supervisor's and an admin's, as hanging up is. */
export const roleMaySteer = roleMayHangUp;

const on: Offer = { enabled: true, why: null };
const off = (why: string): Offer => ({ enabled: false, why });

export function offerOf(control: Control, { call, connection, role, line }: Circumstances): Offer {
  if (!roleMaySteer(role)) return off(`Your role (${role}) does not steer calls.`);
  if (call === null) return off('The call is not here yet.');
  if (control === 'flag') return on;
  if (call.phase === 'ended') return off('The call has ended.');
  // Hearing takes nothing back and puts nothing at risk: it is there also while the data is old.
  if (control !== 'listen' && !isCurrent(connection)) {
    return off('Off until the connection is back: what you see may be old.');
  }
  if (call.request.media === 'silent' && needsSound.has(control)) return off('This call has no sound.');
  if (line.kind === 'colleague' && control !== 'listen' && control !== 'pauseRecording') {
    return control === 'whisper' ? on : off(`${line.hold.byName} has the line.`);
  }
  switch (control) {
    case 'takeOver':
      if (line.kind === 'mine') return off('You have the line.');
      return customerPresent(call) ? on : off('The customer is not there yet.');
    case 'say':
      if (line.kind !== 'agent') return off('The agent is silent: you have the line.');
      return presentAgent(call) === null ? off('No agent is there.') : on;
    case 'whisper':
    case 'whisperVoice':
      if (control === 'whisperVoice' && line.kind === 'mine') return off('You have the line.');
      return presentAgent(call) === null ? off('No agent is there to hear it.') : on;
    case 'handBack':
      return line.kind === 'agent' ? off('The agent has the line.') : on;
    case 'pauseRecording':
      return call.recordings?.some(({ phase }) => phase === 'recording' || phase === 'paused') === true
        ? on
        : off('Nothing is being recorded.');
    case 'listen':
      return on;
  }
}

const needsSound: ReadonlySet<Control> = new Set(['listen', 'whisperVoice', 'takeOver', 'pauseRecording']);

const controls = [
  'listen',
  'whisper',
  'whisperVoice',
  'say',
  'takeOver',
  'handBack',
  'pauseRecording',
  'flag',
] as const satisfies readonly Control[];
export type Offers = Readonly<Record<Control, Offer>>;

export const offersOf = (circumstances: Circumstances): Offers =>
  Object.fromEntries(controls.map((control) => [control, offerOf(control, circumstances)])) as Offers;
