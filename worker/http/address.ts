import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';

/** The caller's address as Cloudflare saw it; other headers can be forged. Local development has none. */
export const clientAddress = (c: Context<AppEnv>): string => c.req.header('cf-connecting-ip') ?? 'local';
