/** The protocol's longest text of one utterance, of a reason, and of what a tool was given or gave. */
const MAX_TEXT = 8_000;
const MAX_REASON = 500;
const MAX_CONTENT = 2_000;

/** A message that is too long would be refused whole: better its beginning. */
export const fitText = (text: string): string =>
  text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
export const fitReason = (text: string): string =>
  text.length > MAX_REASON ? `${text.slice(0, MAX_REASON - 1)}…` : text;

/** JSON, as who masks it needs it; where it is too long only its beginning, which is none any more and is shown to few. */
export function fitContent(text: string): string {
  const json = isJson(text) ? text : JSON.stringify(text);
  return json.length > MAX_CONTENT ? `${json.slice(0, MAX_CONTENT - 1)}…` : json;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
