import * as z from 'zod/mini';

/** Ids of ours are UUIDs in lower case: anything else names no object, and must not make one. */
export const Uuid = z
  .string()
  .check(z.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/));

export const SlugSchema = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,62}$/));

/** An opaque place in a list; only ever one that the page before named. */
export const CursorSchema = z.string().check(z.regex(/^[0-9A-Za-z._-]{1,160}$/));

/** Rows a page, as text: 1 to 100. */
export const LimitSchema = z.string().check(z.regex(/^([1-9][0-9]?|100)$/));
export const PAGE_ROWS = 50;
export const rowsOf = (limit: string | undefined): number =>
  limit === undefined ? PAGE_ROWS : Number(limit);

/** A point in time in a query, as text: epoch milliseconds. */
export const AtMsText = z.string().check(z.regex(/^(0|[1-9][0-9]{0,14})$/));

export const RoleSchema = z.enum(['admin', 'supervisor', 'operator', 'viewer']);
/** What people call themselves: one line. */
export const NameSchema = z
  .string()
  .check(z.minLength(1), z.maxLength(120), z.regex(/^[^\u0000-\u001f\u007f]*\S[^\u0000-\u001f\u007f]*$/));
/**
 * What the auth library takes too (zod's own pattern): an account whose address it refused could be made and never signed
 * in to. Besides, no part of the domain ends in a hyphen or is longer than DNS has it.
 */
const EMAIL =
  /^(?!\.)(?!.*\.\.)[A-Za-z0-9_'+\-.]{0,63}[A-Za-z0-9_+-]@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;
export const EmailSchema = z.string().check(z.maxLength(254), z.regex(EMAIL));

/** Nothing to say beyond the status. */
export const EmptySchema = z.strictObject({});
