import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Import } from '../../protocol/api/imports.ts';
import { campaignRow } from './campaigns.ts';
import { ask, post, signIn } from './world.ts';

let admin: Record<string, string>;
beforeAll(async () => {
  admin = await signIn('admin');
});

const columns = [
  { heading: 'Phone', meaning: 'phone', field: null },
  { heading: 'Name', meaning: 'name', field: null },
  { heading: 'Zone', meaning: 'zone', field: null },
  { heading: 'Car', meaning: 'field', field: 'car' },
] as const;
const file = (mark: string, more = {}) => ({
  fileName: 'leads.csv',
  fileBytes: 1_000,
  fingerprint: mark.repeat(64).slice(0, 64),
  mapping: { columns, country: 'US' },
  ...more,
});
let numbers = 0;
const phone = (): string => `+1212555${String(++numbers).padStart(4, '0')}`;

async function begin(campaignId: string, mark = 'a'): Promise<Import> {
  const response = await post(`/api/campaigns/${campaignId}/imports`, file(mark), admin);
  expect(response.status).toBe(201);
  return (await response.json<{ import: Import }>()).import;
}
const put = (importId: string, chunk: number, body: object) =>
  ask(`/api/imports/${importId}/chunks/${chunk}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...admin },
    body: JSON.stringify({ firstRow: 1, unreadable: [], ...body }),
  });
async function send(importId: string, chunk: number, rows: string[][], more = {}): Promise<Import> {
  const response = await put(importId, chunk, { rows, ...more });
  expect(response.status).toBe(200);
  return (await response.json<{ import: Import }>()).import;
}
const leadsOf = async (campaignId: string) =>
  (
    await env.DB.prepare('SELECT * FROM leads WHERE campaign_id = ? ORDER BY lead_id')
      .bind(campaignId)
      .all<{ phone: string; name: string; status: string; fields: string; zone: string }>()
  ).results;
const rejectsOf = async (importId: string) =>
  (
    await env.DB.prepare('SELECT row, code, cells FROM import_rejects WHERE import_id = ? ORDER BY row')
      .bind(importId)
      .all<{ row: number; code: string; cells: string }>()
  ).results;

describe('IMPORT-1 chunks in order, each once', () => {
  it('takes the one that is due, changes nothing for the one before, refuses the one after with the number', async () => {
    const campaignId = await campaignRow();
    const { importId } = await begin(campaignId);
    const rows = [[phone(), 'Ada'], [phone()]];
    expect(await send(importId, 0, rows)).toMatchObject({ nextChunk: 1, rows: 2, imported: 2, rejected: 0 });
    expect(await send(importId, 0, rows)).toMatchObject({
      nextChunk: 1,
      rows: 2,
      imported: 2,
      duplicates: 0,
    });
    const early = await put(importId, 2, { rows });
    expect(early.status).toBe(409);
    expect(await early.json()).toMatchObject({ errors: [{ field: 'chunk', problem: 'expected 1' }] });
    expect(await leadsOf(campaignId)).toHaveLength(2);
  });

  it('two tabs that send at once double nothing', async () => {
    const campaignId = await campaignRow();
    const [one, two] = await Promise.all([begin(campaignId), begin(campaignId)]);
    expect(one.importId).toBe(two.importId);
    for (let chunk = 0; chunk < 4; chunk++) {
      const rows = Array.from({ length: 20 }, () => [phone(), 'Ada']);
      const answers = await Promise.all([0, 1, 2].map(() => put(one.importId, chunk, { rows })));
      expect(answers.map((each) => each.status)).toEqual([200, 200, 200]);
    }
    const read = await ask(`/api/imports/${one.importId}`, { headers: admin });
    expect((await read.json<{ import: Import }>()).import).toMatchObject({
      ...{ nextChunk: 4, rows: 80, imported: 80, duplicates: 0 },
    });
    expect(await leadsOf(campaignId)).toHaveLength(80);
  });

  it('IMPORT-2 the same file goes on where it stopped; ended, it begins anew', async () => {
    const campaignId = await campaignRow();
    const { importId } = await begin(campaignId);
    const rows = [[phone(), 'Ada']];
    await send(importId, 0, rows);
    expect(await begin(campaignId)).toMatchObject({ importId, nextChunk: 1 });
    expect((await begin(campaignId, 'b')).importId).not.toBe(importId);
    await post(`/api/imports/${importId}/finish`, {}, admin);
    expect((await put(importId, 1, { rows })).status).toBe(409);
    const again = await begin(campaignId);
    expect(again.importId).not.toBe(importId);
    expect(await send(again.importId, 0, rows)).toMatchObject({ imported: 0, duplicates: 1, rejected: 0 });
  });

  it('a cancelled import keeps what it has and takes no more', async () => {
    const campaignId = await campaignRow();
    const { importId } = await begin(campaignId);
    await send(importId, 0, [[phone()]]);
    const response = await post(`/api/imports/${importId}/cancel`, {}, admin);
    expect(await response.json()).toMatchObject({ import: { status: 'cancelled', imported: 1 } });
    expect((await put(importId, 1, { rows: [[phone()]] })).status).toBe(409);
    expect(await leadsOf(campaignId)).toHaveLength(1);
  });

  it('rows come in while the campaign runs', async () => {
    const campaignId = await campaignRow('running');
    const { importId } = await begin(campaignId);
    await send(importId, 0, [[phone()]]);
    expect(await leadsOf(campaignId)).toMatchObject([{ status: 'waiting' }]);
  });
});

describe('IMPORT-3 rows are refused one by one, with the reason', () => {
  it('numbers, zones and ragged rows; the good ones go in', async () => {
    const campaignId = await campaignRow();
    const { importId } = await begin(campaignId);
    const [good, quoted, formula] = [phone(), phone(), phone()];
    const rows = [
      [good, 'Ada', 'America/Chicago', '=HYPERLINK("x")'],
      ['', 'Bob'],
      ['1.2E+10', 'Cy'],
      ['12', 'Di'],
      [phone(), 'Eve', 'Mars/Base'],
      [phone(), 'Fay', '', '', 'more'],
      [`'${quoted}`, '@Gus'],
      [good, 'again'],
      [`="${formula}"`, 'x'.repeat(121)],
      [`="${formula}"`, 'Hal'],
    ];
    const taken = await send(importId, 0, rows, {
      unreadable: [{ row: 2, code: 'cell_too_long', detail: 'At most 1000 characters.' }],
    });
    expect(taken).toMatchObject({ rows: 11, imported: 3, duplicates: 1, rejected: 7, suppressed: 0 });
    expect(await leadsOf(campaignId)).toMatchObject([
      { phone: good, name: 'Ada', zone: 'America/Chicago', fields: '{"car":"=HYPERLINK(\\"x\\")"}' },
      { phone: quoted, name: '@Gus' },
      { phone: formula, name: 'Hal' },
    ]);
    expect((await rejectsOf(importId)).map(({ row, code }) => `${row} ${code}`)).toEqual([
      '2 cell_too_long',
      '3 phone_missing',
      '4 phone_rounded',
      '5 phone_invalid',
      '6 zone_unknown',
      '7 too_many_cells',
      '9 duplicate',
      '10 cell_too_long',
    ]);
  });

  it('IMPORT-4 numbers on the do-not-call list come in as such; those of other campaigns and of no zone are counted', async () => {
    const [first, second] = [await campaignRow(), await campaignRow()];
    const [barred, shared] = [phone(), phone()];
    await post('/api/suppressions', { phone: barred, country: 'US', reason: 'asked us' }, admin);
    await send((await begin(first)).importId, 0, [[shared]]);
    const taken = await send((await begin(second)).importId, 0, [[barred], [shared], ['+1 800 555 0199']]);
    expect(taken).toMatchObject({ imported: 3, suppressed: 1, elsewhere: 1, withoutZone: 1, duplicates: 0 });
    expect((await leadsOf(second)).map((each) => each.status)).toEqual(['doNotCall', 'waiting', 'waiting']);
  });

  it('200 columns are taken, 201 and a cell of 5 MB are refused whole', async () => {
    const campaignId = await campaignRow();
    const { importId } = await begin(campaignId);
    expect((await put(importId, 0, { rows: [Array<string>(201).fill('x')] })).status).toBe(400);
    expect((await put(importId, 0, { rows: [['x'.repeat(5 * 1024 * 1024)]] })).status).toBe(413);
    expect((await put(importId, 0, { rows: [['x'.repeat(1_001)]] })).status).toBe(400);
    expect(await send(importId, 0, [Array<string>(200).fill('x')])).toMatchObject({ rejected: 1 });
  });

  it('a chunk of 3 MB is one transaction of several statements, and counts once', async () => {
    const campaignId = await campaignRow();
    const { importId } = await begin(campaignId);
    const rows = Array.from({ length: 1_000 }, () => [phone(), 'Ada', '', 'ü'.repeat(1_000)]);
    rows.push([rows[0]?.[0] ?? '', 'again']);
    const taken = await send(importId, 0, rows);
    expect(taken).toMatchObject({ rows: 1_001, imported: 1_000, duplicates: 1, rejected: 0 });
    expect(await send(importId, 0, rows)).toMatchObject({ rows: 1_001, imported: 1_000 });
    expect(await leadsOf(campaignId)).toHaveLength(1_000);
  });

  it('a mapping without a number, or with two, is refused before anything', async () => {
    const campaignId = await campaignRow();
    for (const wrong of [columns.slice(1), [...columns, { ...columns[0], heading: 'Mobile' }]]) {
      const given = file('c', { mapping: { columns: wrong, country: 'US' } });
      expect((await post(`/api/campaigns/${campaignId}/imports`, given, admin)).status).toBe(400);
    }
    const nowhere = `/api/campaigns/${crypto.randomUUID()}/imports`;
    expect((await post(nowhere, file('c'), admin)).status).toBe(404);
  });
});

describe('IMPORT-5 rows can be judged before anything is imported', () => {
  it('says new, duplicate, do-not-call or what is wrong in which cell', async () => {
    const campaignId = await campaignRow();
    const [fresh, barred] = [phone(), phone()];
    await post('/api/suppressions', { phone: barred, country: 'US', reason: 'asked us' }, admin);
    const response = await post(
      `/api/campaigns/${campaignId}/check-rows`,
      { mapping: { columns, country: 'US' }, rows: [[fresh], [fresh], [barred], ['12', 'Bo', 'Nowhere']] },
      admin,
    );
    const { rows } = await response.json<{ rows: { verdict: string; problems: { column: number }[] }[] }>();
    expect(rows.map((each) => each.verdict)).toEqual(['new', 'duplicate', 'doNotCall', 'rejected']);
    expect(rows[0]).toMatchObject({ phone: fresh, zones: ['America/New_York'] });
    expect(rows[3]?.problems.map((each) => each.column)).toEqual([0, 2]);
    expect(await leadsOf(campaignId)).toEqual([]);
  });
});

describe('IMPORT-6 rejects come back as they went', () => {
  it('a spreadsheet runs none of their cells, and the file again gives the same cells', async () => {
    const campaignId = await campaignRow();
    const { importId } = await begin(campaignId);
    const number = phone();
    await send(importId, 0, [[number]]);
    const cells = [number, '=1+1', '', '@SUM("a",b)'];
    await send(importId, 1, [cells], { firstRow: 2 });
    const response = await ask(`/api/imports/${importId}/rejects`, { headers: admin });
    expect(response.headers.get('content-type')).toContain('text/csv');
    const [head, line] = (await response.text()).split('\r\n');
    expect(head).toBe('"Phone","Name","Zone","Car","_row","_code","_problem"');
    expect(line?.startsWith(`"'${number}","'=1+1","","'@SUM(""a"",b)","2","duplicate"`)).toBe(true);
    const logged = await env.DB.prepare(
      `SELECT count(*) AS n FROM audit WHERE action = 'personalData.exported' AND subject = ?`,
    )
      .bind(`import:${importId}`)
      .first<{ n: number }>();
    expect(logged?.n).toBe(1);
    const other = await campaignRow();
    const again = await begin(other);
    await send(again.importId, 0, [[`'${number}`, "'=1+1", '', "'@SUM"]]);
    expect(await leadsOf(other)).toMatchObject([{ phone: number, name: '=1+1', fields: '{"car":"@SUM"}' }]);
  });

  it('are for people who may see them', async () => {
    const { importId } = await begin(await campaignRow());
    const operator = await signIn('operator');
    expect((await ask(`/api/imports/${importId}/rejects`, { headers: operator })).status).toBe(403);
  });
});

describe('DNC-1 a file of numbers that are not to be called', () => {
  it('puts them on the list and takes waiting leads out everywhere; what is there already is counted', async () => {
    const [one, two] = [await campaignRow(), await campaignRow()];
    const number = phone();
    await send((await begin(one)).importId, 0, [[number]]);
    await send((await begin(two)).importId, 0, [[number]]);
    const begun = await post('/api/suppression-imports', file('d'), admin);
    const { import: found } = await begun.json<{ import: Import }>();
    const taken = await send(found.importId, 0, [[number], [number], ['12']]);
    expect(taken).toMatchObject({ kind: 'suppressions', rows: 3, imported: 1, duplicates: 1, rejected: 1 });
    for (const campaignId of [one, two]) {
      expect(await leadsOf(campaignId)).toMatchObject([{ status: 'doNotCall' }]);
    }
    expect(await send(found.importId, 1, [[number]])).toMatchObject({ imported: 1, duplicates: 2 });
  });
});
