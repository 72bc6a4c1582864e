import { createWriteStream, openAsBlob, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import Papa from 'papaparse';
import { ROOT } from '../scripts/stack/paths.ts';
import { guessColumns } from '../web/src/lib/import/guess-columns.ts';
import { readTable } from '../web/src/lib/import/row-reader.ts';
import type { BareWorker } from './bare-worker.ts';
import { startBareWorker } from './bare-worker.ts';
import { machineMs } from './clock.ts';
import { workerdPid } from './process-cpu.ts';
import type { BenchResult } from './result.ts';
import { figure, ratio } from './result.ts';

/** `--rows=N`: a million takes minutes; by default few, so that the bench fits among the others. */
const ROWS = Number(process.argv.find((arg) => arg.startsWith('--rows='))?.slice(7) ?? 100_000);
const CAMPAIGN = '018f0000-0000-7000-8000-000000000001';

/** A file of leads, read as the browser reads it, through the API into D1; against papaparse and SQLite with nothing between. */
export async function importLeads(scope: AsyncDisposableStack): Promise<BenchResult> {
  const bare = await startBareWorker(scope);
  const path = join(bare.dir, 'leads.csv');
  await writeFile(path);
  await bare.worker.database
    .prepare(
      `INSERT INTO campaigns (campaign_id, name, status, settings, version, created_at_ms) VALUES (?, 'Bench', 'draft', '{}', 1, 1)`,
    )
    .bind(CAMPAIGN)
    .run();
  const raw = await rawImport(path, join(bare.dir, 'raw.sqlite'));
  const ours = await apiImport(bare, path);
  const oursRate = (ROWS / ours.ms) * 1_000;
  const rawRate = (ROWS / raw.ms) * 1_000;
  return {
    bench: 'import',
    what: `${ROWS.toLocaleString('en')} leads from a CSV file into D1`,
    measured: {},
    figures: {
      'ours, file to D1': figure(oursRate, 'rows/s'),
      'bare papaparse and SQLite': figure(rawRate, 'rows/s'),
      'ours to bare': ratio(oursRate, rawRate, { atLeast: 0.5 }),
      'workerd memory at 10 %': figure(ours.workerdMiB[0], 'MiB'),
      'workerd memory at 100 %': figure(ours.workerdMiB[1], 'MiB'),
      'reader memory at 10 %': figure(ours.readerMiB[0], 'MiB'),
      'reader memory at 100 %': figure(ours.readerMiB[1], 'MiB'),
    },
    notes: [
      'Ours: the page’s own reader, then one chunk at a time over HTTP, numbers judged, duplicates and do-not-call asked, D1.',
      'The peer: the same parser and node:sqlite in this process, the same table with the same indexes, 1,000 rows a transaction.',
      'Memory is the resident size; the peer ran before in the process that reads.',
      ...(ROWS < 1_000_000 ? ['Fewer rows than the million that is promised: --rows=1000000.'] : []),
    ],
  };
}

async function writeFile(path: string): Promise<void> {
  const out = createWriteStream(path);
  out.write('Phone,Name,E-Mail,ZIP,Vehicle,Consent\r\n');
  const areas = ['212', '305', '312', '415', '503', '602', '713', '808', '907', '617'];
  for (let row = 0; row < ROWS; row++) {
    // Every tenth area code and number once: nobody is there twice.
    const phone = `+1${areas[row % 10]}${200 + (Math.floor(row / 100_000) % 700)}${String(Math.floor(row / 10) % 10_000).padStart(4, '0')}`;
    const line = `${phone},"Person ${row}",person${row}@example.com,${10_000 + (row % 80_000)},Roadster ${row % 90},web form 2026-10-01\r\n`;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

async function apiImport(bare: BareWorker, path: string) {
  const file = await openAsBlob(path);
  const begun = machineMs();
  const { headings, chunks } = await readTable(file);
  const head = { fileName: 'leads.csv', fileBytes: file.size, fingerprint: 'b'.repeat(64) };
  const body = { ...head, mapping: { columns: guessColumns(headings), country: 'US' } };
  const { import: found } = await send<{ import: { importId: string } }>(
    bare,
    'POST',
    `/api/campaigns/${CAMPAIGN}/imports`,
    body,
  );
  const workerd = workerdPid();
  const workerdMiB: [number, number] = [0, 0];
  const readerMiB: [number, number] = [0, 0];
  let rows = 0;
  let imported = 0;
  // As in the page: one is read on while the one before is sent.
  let next = chunks.next();
  for (;;) {
    const { value, done } = await next;
    if (done === true) break;
    next = chunks.next();
    const { chunk, firstRow, rows: cells, unreadable } = value;
    const sent = await send<{ import: { imported: number } }>(
      bare,
      'PUT',
      `/api/imports/${found.importId}/chunks/${chunk}`,
      { firstRow, rows: cells, unreadable },
    );
    imported = sent.import.imported;
    rows += cells.length;
    if (rows >= ROWS / 10 && workerdMiB[0] === 0) {
      workerdMiB[0] = residentMiB(workerd);
      readerMiB[0] = residentMiB(process.pid);
    }
  }
  workerdMiB[1] = residentMiB(workerd);
  readerMiB[1] = residentMiB(process.pid);
  if (imported !== ROWS) throw new Error(`${imported} of ${ROWS} rows were imported`);
  return { ms: machineMs() - begun, workerdMiB, readerMiB };
}

async function send<T>(bare: BareWorker, method: string, path: string, body: unknown): Promise<T> {
  const response = await fetch(`${bare.worker.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', cookie: bare.cookie, origin: 'http://bench.test' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** The table and its indexes as the migration makes them. */
function rawImport(path: string, databasePath: string): Promise<{ ms: number }> {
  const database = new DatabaseSync(databasePath);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA foreign_keys = OFF;');
  const migration = readFileSync(join(ROOT, 'migrations', migrationName()), 'utf8');
  for (const statement of migration.split('--> statement-breakpoint')) {
    if (/(TABLE|ON) `leads`/.test(statement)) database.exec(statement);
  }
  const insert = database.prepare(
    `INSERT INTO leads (lead_id, campaign_id, phone, name, email, postal_code, fields, consent, status, created_at_ms)
     VALUES (?, '${CAMPAIGN}', ?, ?, ?, ?, ?, ?, 'waiting', 1)`,
  );
  const begun = machineMs();
  let row = 0;
  return new Promise((resolve, reject) => {
    Papa.parse<string[]>(createReadStream(path, { highWaterMark: 1024 * 1024 }), {
      chunk({ data }) {
        for (let from = 0; from < data.length; from += 1_000) {
          database.exec('BEGIN');
          for (const [phone, name, email, zip, vehicle, consent] of data.slice(from, from + 1_000)) {
            if (phone === undefined || !phone.startsWith('+')) continue;
            const id = String(row++).padStart(36, '0');
            const fields = JSON.stringify({ vehicle });
            insert.run(id, phone, name ?? null, email ?? null, zip ?? null, fields, consent ?? null);
          }
          database.exec('COMMIT');
        }
      },
      complete() {
        const ms = machineMs() - begun;
        database.close();
        if (row === ROWS) resolve({ ms });
        else reject(new Error(`${row} of ${ROWS} rows by the peer`));
      },
      error: reject,
    });
  });
}

const migrationName = (): string => {
  const journal = JSON.parse(readFileSync(join(ROOT, 'migrations/meta/_journal.json'), 'utf8')) as {
    entries: { tag: string }[];
  };
  return `${journal.entries.find((each) => each.tag.startsWith('0005'))?.tag ?? ''}.sql`;
};

/** Resident memory of a process. */
function residentMiB(pid: number): number {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}
