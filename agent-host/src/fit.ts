/** The protocol's longest text of one utterance, and of a reason. */
const MAX_TEXT = 8_000;
const MAX_REASON = 500;

/** A message that is too long would be refused whole: better its beginning. */
export const fitText = (text: string): string =>
  text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
export const fitReason = (text: string): string =>
  text.length > MAX_REASON ? `${text.slice(0, MAX_REASON - 1)}…` : text;
