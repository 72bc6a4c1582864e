import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
/** Everything made while developing, outside of git. */
export const WORKSPACE = join(ROOT, '.earshot');
export const bin = (name: string): string => join(ROOT, 'node_modules/.bin', name);
