import type { LeadRow } from '../api/leads.ts';

type Status = LeadRow['status'];

const words: Readonly<Record<Status, string>> = {
  waiting: 'Waiting',
  dialling: 'Being called',
  reached: 'Reached',
  exhausted: 'Not reached',
  unreachable: 'No such number',
  doNotCall: 'Do not call',
  withdrawn: 'Taken out',
};
export const statusWords = (status: Status): string => words[status];
export const statusOptions: readonly { readonly value: Status | ''; readonly label: string }[] = [
  { value: '', label: 'Every status' },
  ...(Object.keys(words) as Status[]).map((value) => ({ value, label: words[value] })),
];

/** Who a lead is, where no name is known. */
export const leadLabel = ({ name, phone }: Pick<LeadRow, 'name' | 'phone'>): string => name ?? phone;
