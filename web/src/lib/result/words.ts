import type { Disposition, Interest, ResultBrief } from '../../../../domain/result/result.ts';

export const dispositionWords: Record<Disposition, string> = {
  interested: 'Interested',
  notInterested: 'Not interested',
  callBack: 'Wants to be called back',
  doNotCall: 'Never call again',
  wrongPerson: 'Wrong person',
  voicemail: 'Voicemail',
  notReached: 'Not reached',
  unclear: 'Unclear',
};

export const interestWords: Record<Interest, string> = {
  none: 'No interest',
  low: 'Low interest',
  medium: 'Medium interest',
  high: 'High interest',
};

/** What a call came to, in a list; nothing where nobody was spoken with. */
export function resultWords({ disposition, interest }: ResultBrief): string {
  if (disposition === 'notReached' || disposition === 'voicemail') return '';
  const came = dispositionWords[disposition];
  return interest === 'none' ? came : `${came} · ${interestWords[interest].toLowerCase()}`;
}

/** Who says so. */
export const sourceWords = (model: string | null): string =>
  model === null ? 'Reckoned by rules from what was said' : `Judged by ${model}`;
