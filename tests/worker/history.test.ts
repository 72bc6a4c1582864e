import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { matchOf } from '../../database/history.ts';
import type { CallFact } from '../../domain/call/fact.ts';
import { callRoomOf } from '../../durable-objects/env.ts';
import { apiKey, ask, post, signIn } from './world.ts';

interface Said {
  readonly profile?: string;
  readonly name?: string;
  readonly words: readonly string[];
}

/** A call that was held and has ended, in D1 with its words. */
async function pastCall({ profile = 'auto-sales', name = 'Ana Lima', words }: Said): Promise<string> {
  const callId = uuidv7();
  const room = callRoomOf(env, callId);
  await room.take({
    type: 'requestCall',
    callId,
    epoch: crypto.randomUUID(),
    room: `call-${callId}`,
    profile,
    channel: 'lab',
    media: 'silent',
    contact: { name },
    requestedBy: 'test',
  });
  await room.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'silent' });
  await room.take({
    type: 'agentHello',
    offer: 1,
    session: 's1',
    hostId: 'host-1',
    identity: 'agent-1',
    agentClockMs: Date.now(),
  });
  for (const [index, text] of words.entries()) {
    const observation: Extract<CallFact, { type: 'wordsSpoken' }> = {
      type: 'wordsSpoken',
      utteranceId: `u${index}`,
      speaker: 'customer',
      text,
      startedAtMs: Date.now(),
      endedAtMs: Date.now(),
      interrupted: false,
    };
    await room.observe('s1', { id: `o${index}`, observation });
  }
  await room.take({ type: 'hangUp', by: 'test' });
  await vi.waitFor(async () => {
    const phase = await env.DB.prepare('SELECT phase FROM calls WHERE call_id = ?')
      .bind(callId)
      .first('phase');
    expect(phase).toBe('ended');
  });
  return callId;
}

interface List {
  readonly calls: readonly { readonly callId: string }[];
  readonly excerpts?: Record<string, string>;
  readonly nextCursor: string | null;
}
async function find(query: string, headers: Record<string, string>): Promise<List> {
  const response = await ask(`/api/calls?status=ended&${query}`, { headers });
  expect([query, response.status]).toEqual([query, 200]);
  return response.json<List>();
}
const idsOf = (list: List): string[] => list.calls.map((call) => call.callId);

describe('history', () => {
  it('finds what was said, in any order, letter case and accent, and shows the words around it', async () => {
    const headers = await signIn('supervisor');
    const callId = await pastCall({ words: ['The Wagen is blue.', 'I would like to see it in Málaga.'] });
    await pastCall({ words: ['Nothing of the kind.'] });
    for (const text of ['málaga', 'MALAGA wagen', 'blu', 'see it in m']) {
      expect([text, idsOf(await find(`text=${encodeURIComponent(text)}`, headers))]).toEqual([
        text,
        [callId],
      ]);
    }
    expect(idsOf(await find('text=wagen+ships', headers))).toEqual([]);
    // A space ends the word: it is no beginning any more.
    expect(idsOf(await find('text=mala+', headers))).toEqual([]);
    const { excerpts } = await find('text=malaga', headers);
    expect(excerpts?.[callId]).toContain('Málaga');
  });

  it('is narrowed by agent, outcome, name, time and length, all at once', async () => {
    const headers = await signIn('admin');
    const fromMs = Date.now();
    const callId = await pastCall({ profile: 'loan-interest', name: 'Zelda_% Quist', words: ['Filters.'] });
    await pastCall({ profile: 'loan-interest', name: 'Zelda Other', words: ['Filters.'] });
    const all = `profile=loan-interest&outcome=completed&name=zelda_%25&from=${fromMs}&shorter=60&channel=lab`;
    expect(idsOf(await find(all, headers))).toEqual([callId]);
    expect(idsOf(await find(`${all}&text=filters`, headers))).toEqual([callId]);
    expect(idsOf(await find(`${all}&to=${fromMs}`, headers))).toEqual([]);
    expect(idsOf(await find(`${all}&longer=60`, headers))).toEqual([]);
    const otherwise = all.replace('outcome=completed', 'outcome=noAgent');
    expect(idsOf(await find(otherwise, headers))).toEqual([]);
  });

  it('comes page by page, each call once, by end and by words', async () => {
    const headers = await signIn('supervisor');
    const word = `wort${crypto.randomUUID().replaceAll('-', '')}`;
    const made: string[] = [];
    for (let each = 0; each < 5; each++) made.push(await pastCall({ words: [`Once ${word}.`] }));
    for (const query of [`text=${word}`, 'profile=auto-sales']) {
      const seen: string[] = [];
      let cursor = '';
      do {
        const page: List = await find(`${query}&limit=2${cursor}`, headers);
        seen.push(...idsOf(page));
        cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
      } while (cursor !== '');
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.filter((each) => made.includes(each))).toEqual(made.toReversed());
    }
  });

  it('PRIVACY-1 nobody searches for what is masked for them: a hit would tell', async () => {
    const operator = await signIn('operator');
    const viewer = await signIn('viewer');
    const key = await apiKey(['calls:read']);
    const status = async (query: string, headers: Record<string, string>) =>
      (await ask(`/api/calls?status=ended&${query}`, { headers })).status;
    for (const headers of [operator, viewer, key]) {
      expect(await status('name=ana', headers)).toBe(403);
      expect(await status('number=%2B12025550143', headers)).toBe(403);
    }
    expect(await status('text=blue', operator)).toBe(200);
    expect(await status('text=blue', viewer)).toBe(403);
    expect(await status('text=blue', key)).toBe(403);
    expect(await status('profile=auto-sales', viewer)).toBe(200);
  });

  it('PRIVACY-5 words that were erased are not found, nor in the index any more', async () => {
    const headers = await signIn('admin');
    const marker = `geheim${crypto.randomUUID().replaceAll('-', '')}`;
    const callId = await pastCall({ words: [`Never tell ${marker}.`] });
    const kept = async (): Promise<boolean> => {
      const { results } = await env.DB.prepare('SELECT hex(block) AS block FROM call_words_data').all<{
        block: string;
      }>();
      const stored = await env.DB.prepare('SELECT c0 FROM call_words_content').all<{ c0: string }>();
      const hex = Buffer.from(marker.slice(1)).toString('hex').toUpperCase();
      return (
        results.some((each) => each.block.includes(hex)) ||
        stored.results.some((each) => each.c0.includes(marker))
      );
    };
    expect(idsOf(await find(`text=${marker}`, headers))).toEqual([callId]);
    expect(await kept()).toBe(true);
    expect(await callRoomOf(env, callId).erase({ words: true, contact: true, by: 'test' })).toBe('erased');
    expect(idsOf(await find(`text=${marker}`, headers))).toEqual([]);
    expect(await kept()).toBe(false);
  });

  it('is exported as it is filtered, as CSV that no spreadsheet runs and as lines of JSON, and that is logged', async () => {
    const headers = await signIn('supervisor');
    const name = `=cmd ${crypto.randomUUID()}`;
    const callId = await pastCall({ name, words: ['Export me.'] });
    const csv = await ask(`/api/calls-export?name=${encodeURIComponent(name)}`, { headers });
    const [head, row, ...rest] = (await csv.text()).trim().split('\r\n');
    expect(head).toContain('"id","requested"');
    expect(row).toContain(callId);
    expect(row).toContain(`"'${name}"`);
    expect(rest).toEqual([]);
    const lines = await ask(`/api/calls-export?format=ndjson&name=${encodeURIComponent(name)}`, { headers });
    expect(JSON.parse(await lines.text())).toMatchObject({ callId, contactName: name });
    const logged = await env.DB.prepare(
      "SELECT count(*) AS n FROM audit WHERE action = 'personalData.exported' AND detail = 'name'",
    ).first<number>('n');
    expect(logged).toBe(2);
    expect((await ask('/api/calls-export', { headers: await signIn('operator') })).status).toBe(403);
  });

  it('filters that somebody named are their own', async () => {
    const mine = await signIn('supervisor');
    const theirs = await signIn('supervisor');
    const made = await post('/api/views', { name: 'Loans', query: 'profile=loan-interest' }, mine);
    expect(made.status).toBe(201);
    const { view } = await made.json<{ view: { viewId: string } }>();
    const views = async (headers: Record<string, string>) =>
      (await (await ask('/api/views', { headers })).json<{ views: unknown[] }>()).views;
    expect(await views(mine)).toEqual([
      { viewId: view.viewId, name: 'Loans', query: 'profile=loan-interest' },
    ]);
    expect(await views(theirs)).toEqual([]);
    await ask(`/api/views/${view.viewId}`, {
      method: 'DELETE',
      headers: { ...theirs, origin: 'http://earshot.test' },
    });
    expect(await views(mine)).toHaveLength(1);
    await ask(`/api/views/${view.viewId}`, {
      method: 'DELETE',
      headers: { ...mine, origin: 'http://earshot.test' },
    });
    expect(await views(mine)).toEqual([]);
  });
});

describe('words as they are typed', () => {
  it('nothing that anyone types is an operator of the index', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (text) => {
        const match = matchOf(text);
        if (match === null) return;
        await env.DB.prepare('SELECT count(*) FROM call_words WHERE call_words MATCH ?').bind(match).first();
      }),
      { numRuns: 200 },
    );
    expect(matchOf('AND "NEAR( OR*')).toBe('"AND" "NEAR" "OR"');
    expect(matchOf(' … ')).toBeNull();
  });
});
