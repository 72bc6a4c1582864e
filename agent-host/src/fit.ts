/** The protocol's longest text of one utterance, of a reason, and of what a tool was given or gave. */
const MAX_TEXT = 8_000;
const MAX_REASON = 500;
const MAX_CONTENT = 2_000;

/** A message that is too long would be refused whole: better its beginning. */
export const fitText = (text: string): string =>
  text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
export const fitReason = (text: string): string =>
  text.length > MAX_REASON ? `${text.slice(0, MAX_REASON - 1)}…` : text;
export const fitContent = (text: string): string =>
  text.length > MAX_CONTENT ? `${text.slice(0, MAX_CONTENT - 1)}…` : text;
