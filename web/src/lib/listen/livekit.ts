import type * as LiveKit from 'livekit-client';

/** The voice client, fetched when somebody first wants to hear or speak. Its log names rooms and people: the page says what went wrong. */
export async function loadLiveKit(): Promise<typeof LiveKit> {
  const livekit = await import('livekit-client');
  livekit.setLogLevel(livekit.LogLevel.silent);
  return livekit;
}

/** What the page says when the client itself, or the way to the media server, is not to be had. */
export const noMediaConnection = {
  what: 'The sound was not connected.',
  why: 'The media server could not be reached.',
  todo: 'Check your network: voice needs more than the pages do. Then try again.',
};
