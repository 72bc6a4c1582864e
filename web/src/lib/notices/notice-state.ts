import type { Notice, NoticesDown } from '../../../../protocol/notices.ts';

/** What was heard of `/ws/notifications`. Replaced, never changed. */
export interface NoticeState {
  /** Number of the last notice given. */
  readonly head: number;
  readonly readUpTo: number;
  /** Newest first. */
  readonly notices: readonly Notice[];
}

/** As many as a snapshot holds. */
const KEPT = 50;

/** `gap`: a notice is missing; connect again. */
export type NoticeTaken =
  { readonly verdict: 'taken'; readonly state: NoticeState } | { readonly verdict: 'gap' };

export function takeNotice(state: NoticeState | null, message: NoticesDown): NoticeTaken {
  if (message.type === 'snapshot') {
    const { head, readUpTo } = message;
    return { verdict: 'taken', state: { head, readUpTo, notices: message.notices.toReversed() } };
  }
  if (state === null) return { verdict: 'gap' };
  if (message.type === 'read') {
    return { verdict: 'taken', state: { ...state, readUpTo: Math.max(state.readUpTo, message.readUpTo) } };
  }
  const { notice } = message;
  if (notice.number <= state.head) return { verdict: 'taken', state };
  if (notice.number > state.head + 1) return { verdict: 'gap' };
  return {
    verdict: 'taken',
    state: { ...state, head: notice.number, notices: [notice, ...state.notices].slice(0, KEPT) },
  };
}

export const unread = (state: NoticeState): number => Math.max(0, state.head - state.readUpTo);
