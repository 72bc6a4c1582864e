/** What becomes of a lead. Only `waiting` is dialled; a call back is a waiting lead with `callBackAtMs`. */
export const leadStatuses = [
  'waiting',
  'dialling',
  /** Somebody talked with us. */
  'reached',
  /** Its attempts are used up, or no rule asks for another. */
  'exhausted',
  /** The number does not exist. */
  'unreachable',
  'doNotCall',
  /** Taken out by a person. */
  'withdrawn',
] as const;
export type LeadStatus = (typeof leadStatuses)[number];

/** Someone a campaign is to call. One number stands once in a campaign. Times are epoch ms. */
export interface Lead {
  readonly leadId: string;
  readonly campaignId: string;
  /** E.164. */
  readonly phone: string;
  readonly name: string | null;
  readonly email: string | null;
  /** IANA zone, as given. */
  readonly zone: string | null;
  readonly postalCode: string | null;
  /** Columns of the file that have no meaning of their own: placeholders of the script. */
  readonly fields: Readonly<Record<string, string>>;
  /** What the file says of consent, where it says anything. */
  readonly consent: string | null;
  readonly status: LeadStatus;
  readonly attempts: number;
  /** Not before; 0: at once. */
  readonly nextAttemptAtMs: number;
  /** When the lead asked to be called; null unless asked. */
  readonly callBackAtMs: number | null;
  readonly lastOutcome: string | null;
  readonly lastCallId: string | null;
  readonly createdAtMs: number;
}
