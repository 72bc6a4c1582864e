import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { allWebhookIds } from '../../database/webhooks.ts';
import { boardOf, callRoomOf, fleetOf, noticesOf, webhookDeskOf } from '../../durable-objects/env.ts';

/** Everything the deployment keeps, as text by its place: each D1 table, each object's tables and values, each R2 object. */
export async function everythingKept(callIds: readonly string[]): Promise<Record<string, string>> {
  const kept: Record<string, string> = {};
  const tables = await env.DB.prepare(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
  ).all<{ name: string }>();
  for (const { name } of tables.results)
    kept[`D1 ${name}`] = JSON.stringify((await env.DB.prepare(`SELECT * FROM "${name}"`).all()).results);
  const objects: [string, DurableObjectStub<undefined>][] = [
    ['Board', boardOf(env)],
    ['Notices', noticesOf(env)],
    ['Fleet', fleetOf(env)],
    ...callIds.map((id): [string, DurableObjectStub<undefined>] => [`CallRoom ${id}`, callRoomOf(env, id)]),
    ...(await allWebhookIds(env.DB)).map((id): [string, DurableObjectStub<undefined>] => [
      'WebhookDesk',
      webhookDeskOf(env, id),
    ]),
  ] as [string, DurableObjectStub<undefined>][];
  for (const [name, stub] of objects)
    kept[name] =
      `${kept[name] ?? ''}${await runInDurableObject(stub, (_object, { storage }) => dump(storage))}`;
  let cursor: string | undefined;
  do {
    const page = await env.ARCHIVE.list(cursor === undefined ? {} : { cursor });
    for (const { key } of page.objects)
      kept[`R2 ${key}`] = (await (await env.ARCHIVE.get(key))?.text()) ?? '';
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
  return kept;
}

function dump({ sql, kv }: DurableObjectStorage): string {
  const tables = sql
    .exec<{ name: string }>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'`,
    )
    .toArray();
  const rows = tables.map(({ name }) => [name, sql.exec(`SELECT * FROM "${name}"`).toArray()]);
  return JSON.stringify([rows, [...kv.list()]]);
}

/** Where any of these is found. */
export const placesOf = (kept: Record<string, string>, markers: readonly string[]): string[] =>
  Object.entries(kept)
    .filter(([, text]) => markers.some((each) => text.toLowerCase().includes(each.toLowerCase())))
    .map(([place]) => place);
