import type { LineHold, Supervision } from '../../../../domain/call/supervision.ts';

/** Who speaks with the customer, seen from this page. */
export type Line =
  | { readonly kind: 'agent' }
  /** This page has it. `heard`: the agent has fallen silent, so the gate may open (STEER-3). */
  | { readonly kind: 'mine'; readonly heard: boolean; readonly hold: LineHold }
  /** The same person has it, but not by this page: it was reloaded, or it is another window. */
  | { readonly kind: 'mineElsewhere'; readonly hold: LineHold }
  | { readonly kind: 'colleague'; readonly hold: LineHold };

/** @param identity of the seat this page sits on; null while on none */
export function lineOf(supervision: Supervision, by: string, identity: string | null): Line {
  const hold = supervision.line;
  if (hold === null) return { kind: 'agent' };
  if (hold.identity === identity) return { kind: 'mine', heard: hold.agentSilentAtMs !== null, hold };
  return hold.by === by ? { kind: 'mineElsewhere', hold } : { kind: 'colleague', hold };
}

export const lineHolder = (line: Line): string | null =>
  line.kind === 'agent' ? null : line.kind === 'colleague' ? line.hold.byName : 'You';

export interface Voice {
  readonly line: Line;
  /** The customer's gate is open. */
  readonly open: boolean;
  /** The person muted themselves. */
  readonly muted: boolean;
  /** The room with the customer in it is there. */
  readonly connected: boolean;
  /** What is said goes to the agent's ear alone. */
  readonly whispering: boolean;
}

/** The sentence that is always on the screen. Nobody is told that they are heard, or not, who is not sure. */
export function whoHearsYou(voice: Voice): string {
  if (voice.line.kind === 'mine') {
    if (!voice.line.heard) return 'Nobody hears you yet: the agent is still falling silent.';
    if (!voice.connected) return 'The customer may not hear you: your sound is reconnecting.';
    if (voice.muted) return 'Nobody hears you: you muted yourself.';
    return voice.open ? 'The customer hears you.' : 'Nobody hears you yet.';
  }
  return voice.whispering ? 'Only the agent hears you.' : 'Nobody hears you.';
}
