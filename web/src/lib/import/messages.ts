import type { RowChunk } from './row-reader.ts';

/** What the page asks of the worker that reads its file. */
export type ToReader =
  | { readonly type: 'open'; readonly file: File }
  /** Read from the beginning and give chunks from this one on, each when it is asked for. */
  | { readonly type: 'from'; readonly file: File; readonly chunk: number }
  | { readonly type: 'next' };

export interface Opened {
  readonly type: 'opened';
  readonly headings: string[];
  readonly sample: string[][];
  readonly fingerprint: string;
}
export type FromReader =
  | Opened
  | { readonly type: 'refused'; readonly why: string }
  | ({ readonly type: 'chunk' } & RowChunk)
  | { readonly type: 'end' };
