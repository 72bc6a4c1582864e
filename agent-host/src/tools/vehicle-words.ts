import { readBackVin } from '../../../domain/speech/read-back.ts';
import type { NextStep } from '../../../domain/vehicle/next-step.ts';
import type { Vin } from '../../../domain/vehicle/vin.ts';

/** So often a number is asked for again; then a person is better at it. */
export const ASK_AGAIN_AT_MOST = 3;

/** What the model is told instead of a result (TOOL-3). */
export function wordsInstead(
  step: Exclude<NextStep, { step: 'go' }>,
  tool: string,
  also: string | null,
  { askedAgain, known }: { readonly askedAgain: number; readonly known: ReadonlySet<string> },
): string {
  if (step.step === 'readBack') return readBackFirst(step.vin, tool, also, known.has(step.vin.vin));
  if (askedAgain > ASK_AGAIN_AT_MOST)
    return 'That is still no VIN. Do not ask for it again: offer a colleague or a call back.';
  const asked = 'Say so, and ask the customer to say it again, slowly, one character after the other.';
  switch (step.problem) {
    case 'length':
      return `That is no VIN: it has 17 characters, and ${step.characters} were understood. ${asked}`;
    case 'characters':
      return `That is no VIN: it never has the letters I, O or Q. ${asked}`;
    case 'checkDigit':
      return `That cannot be right: the check digit of the VIN is wrong, so at least one character was misheard. ${asked}`;
  }
}

function readBackFirst(
  { vin, checkDigit }: Vin,
  tool: string,
  also: string | null,
  isKnown: boolean,
): string {
  const parts = [...(isKnown ? [] : [`VIN "${readBackVin(vin)}"`]), ...(also === null ? [] : [also])];
  return [
    'Not done yet.',
    `Read this back${isKnown ? '' : ', the VIN character by character'}, and ask whether it is right: ${parts.join(', ')}.`,
    ...(checkDigit === 'notRequired' && !isKnown
      ? ['This VIN has no check digit that would show a slip, so be careful.']
      : []),
    `When the customer has said that it is right, use ${tool} once more with confirmed true. When it is not, ask for it again.`,
  ].join(' ');
}
