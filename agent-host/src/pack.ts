import type { Observed } from '../../protocol/agent.ts';
import { OBSERVATIONS_AT_ONCE } from '../../protocol/agent.ts';
import { MAX_MESSAGE_CHARS } from '../../protocol/codec.ts';

/** The message around its observations. */
const FRAME_CHARS = 100;

/** The messages that carry these observations, in order: as few as the protocol's limits on their number and size allow. */
export function packed(observations: readonly Observed[]): string[] {
  const messages: string[] = [];
  let parts: string[] = [];
  let chars = FRAME_CHARS;
  const close = (): void => {
    if (parts.length > 0) messages.push(`{"type":"observe","observations":[${parts.join(',')}]}`);
    parts = [];
    chars = FRAME_CHARS;
  };
  for (const each of observations) {
    const part = JSON.stringify(each);
    if (parts.length === OBSERVATIONS_AT_ONCE || chars + part.length + 1 > MAX_MESSAGE_CHARS) close();
    parts.push(part);
    chars += part.length + 1;
  }
  close();
  return messages;
}
