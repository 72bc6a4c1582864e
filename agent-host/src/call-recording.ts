import type { voice } from '@livekit/agents';
import type { Observation } from '../../domain/call/input.ts';
import type { Welcome } from './call-link.ts';
import { tellHost } from './job-news.ts';
import { pauseRecording } from './recording-orders.ts';
import { NotFollowed } from './steering/order-desk.ts';
import type { RecordingHands } from './steering/steered-session.ts';

interface RecordedCall {
  readonly callId: string;
  readonly room: string;
  readonly observe: (observation: Observation) => void;
}

/** Has this call recorded where nobody need be asked any more. Once the customer is there. */
export function recordIfAllowed({ recording }: Welcome, call: RecordedCall): void {
  if (recording === undefined || recording.by === 'egress') return;
  if (recording.policy === 'on' || recording.consentLineSaid) begin(recording.paused, call);
}

/**
 * Says the consent line behind the first words, where it has not been said, and has the call recorded when the customer has
 * heard it to its end and is still there (REC-2).
 */
export async function askForConsent(
  session: voice.AgentSession,
  { recording }: Welcome,
  call: RecordedCall,
): Promise<void> {
  if (recording?.policy !== 'afterConsent' || recording.consentLineSaid) return;
  if (recording.consentLine === null) return;
  const line = session.say(recording.consentLine, { allowInterruptions: false });
  await line.waitForPlayout();
  // Cut off by a machine's verdict or the end of the call: nobody has been told.
  if (line.interrupted) return;
  call.observe({ type: 'consentLineSaid' });
  if (recording.by === 'egress') return;
  begin(recording.paused, call);
}

const begin = (paused: boolean, { callId, room }: RecordedCall): void =>
  tellHost({ callId, type: 'record', room, paused });

/** By a supervisor's order. It says so when it was not done: a card number must not be thought unheard. */
export function recordingHands(callId: string): RecordingHands {
  const ask = async (paused: boolean): Promise<void> => {
    const outcome = await pauseRecording(callId, paused);
    if (!outcome.ok) throw new NotFollowed(outcome.reason);
  };
  return { pause: () => ask(true), resume: () => ask(false) };
}
