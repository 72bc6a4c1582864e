/**
 * The rules' own figures, ms, written down again from docs/call-rules.md on purpose: a judge that imports the code's
 * constants would believe a wrong one.
 */
export const OFFER_OPENS_MS = 12_000;
export const SEARCH_MS = 20_000;
export const AGENT_RETURNS_MS = 4_000;
export const PING_SILENCE_MS = 5_000;
export const CUSTOMER_COMES_MS = 60_000;
export const DIAL_STARTS_MS = 30_000;
export const RINGS_LONGER_MS = 15_000;
export const CUSTOMER_RETURNS_MS = 3_000;
export const LONGEST_CALL_MS = 1_800_000;
export const NO_WORD_MS = 180_000;
export const NO_SIGN_MS = 120_000;
export const COMPARED_EVERY_MS = 20_000;
export const FAREWELL_MS = 15_000;
export const MONITOR_STALLED_MS = 35_000;
export const LATE_WORDS_MS = 5_000;
export const HOST_HEARD_MS = 12_000;
export const SEAT_PROMISED_MS = 18_000;
export const OFFERS_IN_A_ROW = 3;
export const AGENTS_A_CALL = 4;
export const DISPATCH_TRIES = 3;
export const EFFECT_TRIES = 12;
