import type { CallSummary } from '../../../../domain/call/summary.ts';
import { contactLabel } from '../call/words.ts';
import { needOf } from './board-rows.ts';

/** More than this at once are counted, not read out. */
const READ_OUT = 2;

/** Says politely which calls newly need somebody. Those there when the page opened are on the screen: they are no news. */
export class NeedsVoice {
  #known: Set<string> | null = null;

  /** @returns what to say; null for nothing new */
  news(needs: readonly CallSummary[]): string | null {
    const known = this.#known;
    this.#known = new Set([...(known ?? []), ...needs.map((call) => call.callId)]);
    const fresh = known === null ? [] : needs.filter((call) => !known.has(call.callId));
    if (fresh.length === 0) return null;
    if (fresh.length > READ_OUT) return `${fresh.length} more calls need somebody.`;
    return fresh
      .map((call) => `${contactLabel(call.contactName)}: ${needOf(call)?.reason ?? 'needs somebody'}.`)
      .join(' ');
  }
}
