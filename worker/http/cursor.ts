import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { refuse } from './problem.ts';

/** A place in a list that counts its rows; null for text that no such list gave out. */
export function numberCursor(cursor: string): number | null {
  return /^[1-9][0-9]{0,14}$/.test(cursor) ? Number(cursor) : null;
}

/** A place in a list by time, then by id; null for text that no such list gave out. */
export function placeCursor(cursor: string): { atMs: number; callId: string } | null {
  const [, atMs, callId] = /^(\d{1,15})\.([\w-]{1,128})$/.exec(cursor) ?? [];
  return atMs === undefined || callId === undefined ? null : { atMs: Number(atMs), callId };
}

export const unknownCursor = (c: Context<AppEnv>): Response =>
  refuse(c, 'malformed', 'Unknown cursor.', {
    detail: 'Pass `nextCursor` of the page before, unchanged.',
    errors: [{ field: 'cursor', problem: 'not one that a page named' }],
  });
