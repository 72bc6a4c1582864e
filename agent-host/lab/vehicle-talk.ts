/**
 * How the lab's "model" talks about vehicles: it goes by what was said and by what its tools answered, as a model would, and
 * does what they tell it to do first.
 */
import { spelledRuns } from '../../domain/speech/spelled.ts';
import { yearsAsSaid } from '../../domain/vehicle/confirmation.ts';
import type { DialogueMessage, DialogueReply, ToolCall } from './dialogue.ts';

/** A customer who spells so many characters means a VIN. */
const SPELLED_AT_LEAST = 9;
const YEARS = Array.from({ length: 60 }, (_, index) => 1975 + index);

const isVehicleTool = (name: string): boolean => name.endsWith('_vehicle');

/** What is done at a customer's turn; undefined: it is about something else. */
export function vehicleTurn(
  said: string,
  turns: readonly DialogueMessage[],
  toolNames: readonly string[],
): DialogueReply | undefined {
  const offered = (name: string): boolean => toolNames.includes(name);
  if (offered('look_up_vehicle') && spelledRuns(said).some((run) => run.length >= SPELLED_AT_LEAST))
    return use('look_up_vehicle', { vin: said, confirmed: false });
  const waiting = waitingForYes(turns);
  if (waiting !== undefined && offered(waiting.name)) {
    if (/\b(?:yes|right|correct|exactly)\b/i.test(said))
      return use(waiting.name, { ...waiting.arguments, confirmed: true });
    if (/\b(?:no|wrong)\b/i.test(said)) return { text: 'I am sorry. Please say it once more.' };
  }
  const missing = vinNotFound(turns);
  const described = describedIn(said);
  if (missing !== undefined && described !== undefined && offered('create_vehicle'))
    return use('create_vehicle', { vin: missing, ...described, confirmed: false });
  return undefined;
}

/** What is said to the result of a tool on vehicles. */
export function afterVehicleTool(name: string, content: string): DialogueReply {
  if (/\bdid not work\b/i.test(content))
    return { text: 'I am sorry. That does not work just now. Shall a colleague call you back?' };
  const readBack = toReadBack(content);
  if (readBack !== undefined) return { text: `I have ${readBack}. Is that right?` };
  const result = resultIn(content);
  if (result === undefined)
    return {
      text: /\bVIN\b/.test(content) ? 'That cannot be right. Please read me the number once more.' : content,
    };
  const { make, model, year } = result;
  if (result.found === false) return { text: 'I do not find that one. Which make, model and year is it?' };
  if (name === 'create_vehicle')
    return { text: `Thank you. The ${year} ${make} ${model} is on our list now.` };
  if (name === 'look_up_vehicle')
    return { text: `I found it. It is a ${year} ${make} ${model}. What would you like to know?` };
  const color = result.color === null ? '' : ` It is ${result.color}.`;
  const price = result.price === null ? '' : ` It costs ${result.price} dollars.`;
  return { text: `Here it is. A ${year} ${make} ${model}.${color}${price}` };
}

export const isAboutVehicles = (toolName: string | undefined): toolName is string =>
  toolName !== undefined && isVehicleTool(toolName);

const use = (name: string, given: ToolCall['arguments']): DialogueReply => ({
  text: '',
  tool: { name, arguments: given },
});

/** The last use of a tool that only said what to read back. */
function waitingForYes(turns: readonly DialogueMessage[]): ToolCall | undefined {
  const at = turns.findLastIndex(({ role, toolName }) => role === 'tool' && isAboutVehicles(toolName));
  const result = turns[at];
  if (result === undefined || toReadBack(result.content) === undefined) return undefined;
  const asked = turns.slice(0, at).findLast(({ toolCalls }) => (toolCalls?.length ?? 0) > 0);
  return asked?.toolCalls?.findLast(({ name }) => name === result.toolName);
}

/** The VIN of the last look-up, where there was no such vehicle. */
function vinNotFound(turns: readonly DialogueMessage[]): string | undefined {
  const result = turns.findLast(({ role, toolName }) => role === 'tool' && toolName === 'look_up_vehicle');
  const found = result === undefined ? undefined : resultIn(result.content);
  return found?.found === false ? String(found.vin) : undefined;
}

/** "It is a Tesla Model S from twenty seventeen." */
function describedIn(said: string): { make: string; model: string; year: number } | undefined {
  const [, make, model, when] = /\ban? (\w+) (.+) from (.+?)[.?]?$/i.exec(said.trim()) ?? [];
  const year = YEARS.find((each) => yearsAsSaid(each).includes((when ?? '').toLowerCase()));
  return make === undefined || model === undefined || year === undefined ? undefined : { make, model, year };
}

const toReadBack = (content: string): string | undefined =>
  /Read this back[^:]*: (.+?)\. /.exec(content)?.[1]?.replaceAll('"', '').replaceAll('\\', '');

function resultIn(content: string): Record<string, unknown> | undefined {
  try {
    const once: unknown = JSON.parse(content);
    // Some clients write a text result as JSON text.
    const twice: unknown = typeof once === 'string' ? JSON.parse(once) : once;
    return typeof twice === 'object' && twice !== null ? (twice as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
