import { ingest } from './ingest.ts';
import type { BenchResult } from './result.ts';
import { printTable } from './result.ts';

/** `npm run bench -- NAME [--json]`: measures against a peer in the same run, interleaved; quote the ratios. */
const benches: Record<string, () => Promise<BenchResult>> = { ingest };

const [name = ''] = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const bench = benches[name];
if (bench === undefined) {
  console.error(`Which bench? One of: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
const result = await bench();
if (process.argv.includes('--json')) console.log(JSON.stringify(result, null, 2));
else printTable(result);
process.exit(0);
