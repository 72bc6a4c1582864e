/** Rows a chunk, and bytes: a browser sends chunks one after the other. */
export const ROWS_A_CHUNK = 2_000;
export const CHUNK_BYTES = 4 * 1024 * 1024;
export const COLUMNS_AT_MOST = 200;
/** Letters (UTF-16) a cell. */
export const CELL_AT_MOST = 1_000;
