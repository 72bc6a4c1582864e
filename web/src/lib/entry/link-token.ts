import { replaceState } from '$app/navigation';

/**
 * The secret of a one-time link, from the address's fragment: it reaches no server until it is used. It is taken out of
 * the address at once, so that it stays in no history and over no shoulder. Null when there is none.
 */
export function takeLinkToken(): string | null {
  const token = /^#([A-Za-z0-9_-]{43})$/.exec(location.hash)?.[1] ?? null;
  // The page's own address, without the fragment.
  // eslint-disable-next-line svelte/no-navigation-without-resolve
  if (location.hash !== '') replaceState(location.pathname, {});
  return token;
}

/** What a page says when its link is not whole. */
export const brokenLink = {
  what: 'This link is not whole.',
  why: 'A part of it is missing.',
  todo: 'Copy it once more, up to its last letter.',
  requestId: null,
};
