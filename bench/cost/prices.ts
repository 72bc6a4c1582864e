/**
 * Cloudflare's list prices on the Workers Paid plan in US dollars, without what the plan includes: what one more costs.
 * Looked up on 2026-11-20.
 */
export const prices = {
  /** https://developers.cloudflare.com/workers/platform/pricing/ : requests, standard usage model. */
  workerRequest: 0.3 / 1e6,
  /** https://developers.cloudflare.com/durable-objects/platform/pricing/ : HTTP, RPC, alarms; messages in 20:1. */
  objectRequest: 0.15 / 1e6,
  /** The same page: wall-clock, at 128 MB whatever the object uses. */
  gigabyteSecond: 12.5 / 1e6,
  /** The same page: rows written to SQLite; a `setAlarm`, a `kv.put` and each index entry are a row each. */
  objectRow: 1 / 1e6,
  /** https://developers.cloudflare.com/d1/platform/pricing/ : rows written; each index entry is one more. */
  d1Row: 1 / 1e6,
  /** https://developers.cloudflare.com/r2/pricing/ : class A operations (PUT), standard storage. */
  r2ClassA: 4.5 / 1e6,
} as const;

/** Incoming WebSocket messages that are billed as one request (durable-objects/platform/pricing, footnote 2). */
export const MESSAGES_A_REQUEST = 20;
/** Memory an object is billed for (the same page, footnote 5). */
export const OBJECT_GIGABYTES = 128 / 1024;

// Pings that `setWebSocketAutoResponse` answers "will not incur additional wall-clock time, and so they will not be
// charged" (the same page, footnote 3), and outgoing messages are free (footnote 2). An object that could hibernate is
// not billed for duration, even before it does (the same page); a pending timer keeps it from hibernating
// (changelog of 2026-10-01, pending I/O).
