import * as z from 'zod/mini';
import { CELL_AT_MOST, CHUNK_BYTES, COLUMNS_AT_MOST, ROWS_A_CHUNK } from '../import-limits.ts';
import { AtMs, Count, Id } from '../primitives.ts';
import { CursorSchema, LimitSchema, Uuid } from './common.ts';
import { contract } from './contract.ts';
import { CountrySchema } from './leads.ts';

const tag = 'Imports';
const ImportParams = z.strictObject({ importId: Uuid });

/** What a column of the file is; `field` keeps it under its own name, `ignore` drops it. */
export const ColumnMeaningSchema = z.enum([
  'phone',
  'name',
  'firstName',
  'lastName',
  'email',
  'zone',
  'postalCode',
  'consent',
  'field',
  'ignore',
]);
export type ColumnMeaning = z.infer<typeof ColumnMeaningSchema>;
export const ColumnSchema = z.strictObject({
  heading: z.string().check(z.maxLength(200)),
  meaning: ColumnMeaningSchema,
  /** For `field`: how scripts name it. */
  field: z.nullable(z.string().check(z.regex(/^[a-z0-9_]{1,40}$/))),
});
export const MappingSchema = z.strictObject({
  columns: z.array(ColumnSchema).check(z.minLength(1), z.maxLength(COLUMNS_AT_MOST)),
  /** By whose rules numbers without a country are read. */
  country: CountrySchema,
});
export type Mapping = z.infer<typeof MappingSchema>;

export const ImportSchema = z.object({
  importId: Id,
  kind: z.enum(['leads', 'suppressions']),
  campaignId: z.nullable(Id),
  fileName: z.string(),
  fileBytes: Count,
  mapping: MappingSchema,
  status: z.enum(['running', 'done', 'cancelled']),
  nextChunk: Count,
  rows: Count,
  imported: Count,
  /** In this file or this campaign already. */
  duplicates: Count,
  /** Imported, though another campaign has the number too. */
  elsewhere: Count,
  /** On the do-not-call list: imported as `doNotCall`, never dialled. */
  suppressed: Count,
  rejected: Count,
  /** Imported, though nothing tells where they are: not dialled until a zone is given. */
  withoutZone: Count,
  createdBy: z.string(),
  createdAtMs: AtMs,
  changedAtMs: AtMs,
});
export type Import = z.infer<typeof ImportSchema>;
export const ImportReplySchema = z.object({ import: ImportSchema });

const NewImportSchema = {
  fileName: z.string().check(z.minLength(1), z.maxLength(255)),
  fileBytes: Count,
  /** SHA-256 of the file's beginning, end and size, hex: names the file. */
  fingerprint: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  mapping: MappingSchema,
};
export const beginImport = contract({
  method: 'POST',
  path: '/api/campaigns/:campaignId/imports',
  summary: 'Begin to import leads, or go on with the same file where it stopped: see `nextChunk`',
  tag,
  params: z.strictObject({ campaignId: Uuid }),
  body: z.strictObject(NewImportSchema),
  status: 201,
  reply: ImportReplySchema,
});
export const beginSuppressionImport = contract({
  method: 'POST',
  path: '/api/suppression-imports',
  summary: 'Begin to import numbers that are not to be called',
  tag,
  body: z.strictObject(NewImportSchema),
  status: 201,
  reply: ImportReplySchema,
});

export const sendChunk = contract({
  method: 'PUT',
  path: '/api/imports/:importId/chunks/:chunk',
  summary:
    'The next rows, in the order of the file. The same chunk again changes nothing; a later one is refused',
  tag,
  params: z.strictObject({ importId: Uuid, chunk: z.string().check(z.regex(/^(0|[1-9][0-9]{0,6})$/)) }),
  body: z.strictObject({
    /**
     * Row of the file that is the first here, from 1 after the heading. `rows` are those that follow one another, without
     * those named in `unreadable`.
     */
    firstRow: z.int().check(z.positive()),
    rows: z
      .array(z.array(z.string().check(z.maxLength(CELL_AT_MOST))).check(z.maxLength(COLUMNS_AT_MOST)))
      .check(z.maxLength(ROWS_A_CHUNK)),
    /** Rows that could not even be read, found by whoever reads the file. */
    unreadable: z
      .array(
        z.strictObject({
          row: z.int().check(z.positive()),
          code: z.string().check(z.regex(/^[a-z_]{1,40}$/)),
          detail: z.string().check(z.maxLength(300)),
        }),
      )
      .check(z.maxLength(ROWS_A_CHUNK)),
  }),
  maxBytes: CHUNK_BYTES,
  status: 200,
  reply: ImportReplySchema,
});
export const finishImport = contract({
  method: 'POST',
  path: '/api/imports/:importId/finish',
  summary: 'The file is at its end',
  tag,
  params: ImportParams,
  status: 200,
  reply: ImportReplySchema,
});
export const cancelImport = contract({
  method: 'POST',
  path: '/api/imports/:importId/cancel',
  summary: 'Take no more of it; what was imported stays',
  tag,
  params: ImportParams,
  status: 200,
  reply: ImportReplySchema,
});
export const getImport = contract({
  method: 'GET',
  path: '/api/imports/:importId',
  summary: 'How far an import has come',
  tag,
  params: ImportParams,
  status: 200,
  reply: ImportReplySchema,
});
export const listImports = contract({
  method: 'GET',
  path: '/api/campaigns/:campaignId/imports',
  summary: 'Files imported into a campaign, newest first',
  tag,
  params: z.strictObject({ campaignId: Uuid }),
  query: z.strictObject({ cursor: z.optional(CursorSchema), limit: z.optional(LimitSchema) }),
  status: 200,
  reply: z.object({ imports: z.array(ImportSchema), nextCursor: z.nullable(z.string()) }),
});
export const downloadRejects = contract({
  method: 'GET',
  path: '/api/imports/:importId/rejects',
  summary: 'Rows that were not taken, as CSV with their reasons',
  tag,
  params: ImportParams,
  status: 200,
  replyType: 'text/csv',
});

/** A few rows, judged as an import would, without importing: for the preview before it begins. */
export const checkRows = contract({
  method: 'POST',
  path: '/api/campaigns/:campaignId/check-rows',
  summary: 'What an import would make of these rows',
  tag,
  params: z.strictObject({ campaignId: Uuid }),
  body: z.strictObject({
    mapping: MappingSchema,
    rows: z
      .array(z.array(z.string().check(z.maxLength(CELL_AT_MOST))).check(z.maxLength(COLUMNS_AT_MOST)))
      .check(z.minLength(1), z.maxLength(50)),
  }),
  status: 200,
  reply: z.object({
    rows: z.array(
      z.object({
        verdict: z.enum(['new', 'duplicate', 'doNotCall', 'rejected']),
        /** As it would be dialled; null when it cannot be. */
        phone: z.nullable(z.string()),
        zones: z.array(z.string()),
        /** What is wrong, by column of the file. */
        problems: z.array(z.object({ column: Count, code: z.string(), detail: z.string() })),
      }),
    ),
  }),
});
