import type { DBAdapter, DBAdapterInstance, Where } from '@better-auth/core/db/adapter';
import { digest } from './digest.ts';

/**
 * The auth library's database, except that a session's token is stored and looked up as its SHA-256: who reads the
 * database cannot sign in with it. The library goes on seeing the token it made or was shown. A token is 190 random bits,
 * so a plain digest is enough.
 */
export function withHashedTokens(inner: DBAdapterInstance): DBAdapterInstance {
  return (options) => {
    const adapter = inner(options);
    const wrapped: DBAdapter = {
      ...adapter,
      create: async (asked) => {
        if (asked.model !== 'session') return adapter.create(asked);
        const token = String((asked.data as { token?: unknown }).token);
        const made = await adapter.create({ ...asked, data: { ...asked.data, token: await digest(token) } });
        return { ...(made as object), token } as never;
      },
      findOne: (asked) => translated(asked, (each) => adapter.findOne(each)),
      findMany: async (asked) => {
        const { where, token } = await hashed(asked.model, asked.where ?? []);
        const rows = await adapter.findMany<object>({ ...asked, where });
        return (token === null ? rows : rows.map((row) => ({ ...row, token }))) as never;
      },
      count: async (asked) =>
        adapter.count({ ...asked, where: (await hashed(asked.model, asked.where ?? [])).where }),
      update: (asked) => translated(asked, (each) => adapter.update(each)),
      updateMany: async (asked) =>
        adapter.updateMany({ ...asked, where: (await hashed(asked.model, asked.where)).where }),
      delete: async (asked) =>
        adapter.delete({ ...asked, where: (await hashed(asked.model, asked.where)).where }),
      deleteMany: async (asked) =>
        adapter.deleteMany({ ...asked, where: (await hashed(asked.model, asked.where)).where }),
      consumeOne: (asked) => translated(asked, (each) => adapter.consumeOne(each)),
      // D1 has none: the steps run one after the other, through this adapter and not the one inside.
      transaction: (run) => run(wrapped),
    };
    return wrapped;
  };
}

async function translated<Asked extends { model: string; where: Where[] }, Row>(
  asked: Asked,
  run: (asked: Asked) => Promise<Row | null>,
): Promise<Row | null> {
  const { where, token } = await hashed(asked.model, asked.where);
  const row = await run({ ...asked, where });
  return row === null || token === null ? row : { ...row, token };
}

/** The same conditions with the token's digest in place of the token, and the token itself. */
async function hashed(model: string, where: Where[]): Promise<{ where: Where[]; token: string | null }> {
  if (model !== 'session') return { where, token: null };
  let token: string | null = null;
  const translatedWhere: Where[] = [];
  for (const each of where) {
    if (each.field !== 'token') {
      translatedWhere.push(each);
      continue;
    }
    if (typeof each.value !== 'string') throw new Error('sessions are looked up by one token at a time');
    token = each.value;
    translatedWhere.push({ ...each, value: await digest(token) });
  }
  return { where: translatedWhere, token };
}
