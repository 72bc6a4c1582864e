import { formatDuration } from '../time/duration.ts';
import type { CustomerCall } from './customer-call.svelte.ts';

/** Until the server tells a line's title, its name in the address is the best there is: `auto-sales` → `Auto sales`. */
export function profileTitle(slug: string): string {
  const words = slug.replaceAll('-', ' ').trim();
  return words === '' ? 'Call' : words[0]?.toUpperCase() + words.slice(1);
}

/** After this the page admits that it takes long. */
const LONG_RINGING_MS = 15_000;

/** A second line under the phase: what happens now. Null when the phase says it all. */
export function statusWords(
  call: Pick<CustomerCall, 'phase' | 'agentDoing' | 'muted'>,
  nowMs: number,
): string | null {
  const { phase } = call;
  if (phase.kind === 'ringing') {
    const ringingMs = nowMs - phase.sinceMs;
    return ringingMs > LONG_RINGING_MS
      ? `Still looking for someone to answer (${formatDuration(ringingMs)}).`
      : 'Somebody will be with you in a moment.';
  }
  if (phase.kind !== 'connected') return null;
  if (call.agentDoing === null)
    return 'The other side dropped out; another is being found. Stay on the line.';
  const doing = { listening: 'Listening', thinking: 'Thinking', speaking: 'Speaking' }[call.agentDoing];
  return call.muted
    ? `You are muted. The agent is ${doing.toLowerCase()}.`
    : `The agent is ${doing.toLowerCase()}.`;
}
