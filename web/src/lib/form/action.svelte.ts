import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import { page } from '$app/state';
import type { Reply } from '../../../../protocol/client/failure.ts';
import { explain, type Explanation } from '../api/explain.ts';
import { signInPath } from '../api/session.ts';

/** Something a person asks for: whether it is under way, and why it did not work. Never optimistic. */
export class Action {
  busy = $state(false);
  problem = $state.raw<Explanation | null>(null);

  /** `what` says what did not happen: "The name was not changed." @returns the value, or null when refused. */
  async run<T>(what: string, ask: () => Promise<Reply<T>>): Promise<{ readonly value: T } | null> {
    if (this.busy) return null;
    this.busy = true;
    this.problem = null;
    const reply = await ask();
    this.busy = false;
    if (reply.ok) return { value: reply.value };
    if (reply.failure.status === 401 && reply.failure.code === 'unauthenticated') {
      await goto(resolve(signInPath(page.url)));
    } else {
      this.problem = explain(what, reply.failure);
    }
    return null;
  }
}
