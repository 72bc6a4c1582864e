import * as z from 'zod/mini';

/** What was typed to get in: any text, so that an old short password still opens its account. */
export const GivenPasswordSchema = z.string().check(z.minLength(1), z.maxLength(512));
/**
 * A password that is to be set: 12 to 256 characters of any kind. That it is not the e-mail address is checked by whoever
 * knows the address.
 */
export const NewPasswordSchema = z.string().check(z.regex(/^[\s\S]{12,256}$/u));
/** The secret part of a one-time link: 256 random bits. It travels in the link's fragment, never in a path. */
export const LinkTokenSchema = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));
