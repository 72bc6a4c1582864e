/** Whether a reader follows the newest line, and how much is new since they stopped. */
export interface Follow {
  readonly following: boolean;
  /** Lines there were when the reader scrolled away. */
  readonly seen: number;
}

/** Nearer to the end than this, in px, is at the end: a line's height and a bit. */
const AT_END_PX = 40;

export const startFollowing: Follow = { following: true, seen: 0 };

export interface ScrollPlace {
  readonly scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
}

export const isAtEnd = (place: ScrollPlace): boolean =>
  place.scrollHeight - place.scrollTop - place.clientHeight <= AT_END_PX;

/** The reader scrolled by hand. */
export function onReaderScroll(follow: Follow, atEnd: boolean, lines: number): Follow {
  if (atEnd) return follow.following ? follow : startFollowing;
  return follow.following ? { following: false, seen: lines } : follow;
}

export const unseenLines = (follow: Follow, lines: number): number =>
  follow.following ? 0 : Math.max(0, lines - follow.seen);

export const jumpLabel = (unseen: number): string =>
  unseen === 0 ? 'Jump to live' : `Jump to live · ${unseen} new`;
