import * as z from 'zod/mini';
import type { HttpTool } from '../domain/profile/http-tool.ts';
import { HttpToolSchema } from '../protocol/http-tool.ts';

interface Row {
  readonly name: string;
  readonly description: string;
  readonly method: string;
  readonly url: string;
  readonly parameters: string;
  readonly headers: string;
  readonly timeoutMs: number;
}

const COLUMNS = 'name, description, method, url, parameters, headers, timeout_ms AS timeoutMs';

const toolOf = (row: Row): HttpTool =>
  z.parse(HttpToolSchema, {
    ...row,
    parameters: JSON.parse(row.parameters) as unknown,
    headers: JSON.parse(row.headers) as unknown,
  });

/** Null: nobody defined it, or it was removed. */
export async function httpToolNamed(database: D1Database, name: string): Promise<HttpTool | null> {
  const row = await database
    .prepare(`SELECT ${COLUMNS} FROM http_tools WHERE name = ?1`)
    .bind(name)
    .first<Row>();
  return row === null ? null : toolOf(row);
}

/** Those of the names that there are, by name. */
export async function httpToolsOf(database: D1Database, names: readonly string[]): Promise<HttpTool[]> {
  if (names.length === 0) return [];
  const { results } = await database
    .prepare(
      `SELECT ${COLUMNS} FROM http_tools WHERE name IN (SELECT value FROM json_each(?1)) ORDER BY name`,
    )
    .bind(JSON.stringify(names))
    .all<Row>();
  return results.map(toolOf);
}
