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

/** A tool as the list has it. */
export interface ListedHttpTool {
  readonly tool: HttpTool;
  readonly createdAtMs: number;
  /** Slugs of the agents whose published version may use it. */
  readonly usedBy: readonly string[];
}

/** Agents whose published version names the tool `?`, as a query of SQL. */
const usersOf = (name: string): string =>
  `SELECT profiles.slug FROM profiles
   JOIN profile_versions ON profile_versions.slug = profiles.slug AND version = published_version,
     json_each(content, '$.httpTools') AS used
   WHERE used.value = ${name}`;

const LISTED = `SELECT ${COLUMNS}, created_at_ms AS createdAtMs,
  (SELECT json_group_array(slug) FROM (${usersOf('http_tools.name')} ORDER BY 1)) AS usedBy FROM http_tools`;

const listedOf = ({
  createdAtMs,
  usedBy,
  ...row
}: Row & { readonly createdAtMs: number; readonly usedBy: string }): ListedHttpTool => ({
  tool: toolOf(row),
  createdAtMs,
  usedBy: z.parse(z.array(z.string()), JSON.parse(usedBy)),
});

export async function allHttpTools(database: D1Database): Promise<ListedHttpTool[]> {
  const { results } = await database
    .prepare(`${LISTED} ORDER BY name`)
    .all<Row & { createdAtMs: number; usedBy: string }>();
  return results.map(listedOf);
}

export async function putHttpTool(
  database: D1Database,
  { name, description, method, url, parameters, headers, timeoutMs }: HttpTool,
  nowMs: number,
  audit: D1PreparedStatement,
): Promise<ListedHttpTool> {
  const put = database
    .prepare(
      `INSERT INTO http_tools (name, description, method, url, parameters, headers, timeout_ms, created_at_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
       ON CONFLICT (name) DO UPDATE SET description = excluded.description, method = excluded.method,
         url = excluded.url, parameters = excluded.parameters, headers = excluded.headers,
         timeout_ms = excluded.timeout_ms`,
    )
    .bind(
      ...[name, description, method, url],
      JSON.stringify(parameters),
      JSON.stringify(headers),
      timeoutMs,
      nowMs,
    );
  const read = database.prepare(`${LISTED} WHERE name = ?1`).bind(name);
  const [, , rows] = await database.batch<Row & { createdAtMs: number; usedBy: string }>([put, audit, read]);
  const row = rows?.results[0];
  if (row === undefined) throw new Error('a tool that was put is there');
  return listedOf(row);
}

/** @returns false when there is none, or a published agent uses it (PROFILE-8) */
export async function removeHttpTool(
  database: D1Database,
  name: string,
  audit: D1PreparedStatement,
): Promise<boolean> {
  const remove = database
    .prepare(`DELETE FROM http_tools WHERE name = ?1 AND NOT EXISTS (${usersOf('?1')}) RETURNING name`)
    .bind(name);
  const [removed] = await database.batch([remove, audit]);
  return (removed?.results.length ?? 0) > 0;
}

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

export async function httpToolNames(database: D1Database): Promise<string[]> {
  const { results } = await database.prepare('SELECT name FROM http_tools').all<{ name: string }>();
  return results.map(({ name }) => name);
}
