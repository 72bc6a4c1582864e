import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { firstRouteSize } from '../web/scripts/first-route-size.mjs';
import { ROOT } from './stack/paths.ts';
import { bundleWorker } from './stack/worker-server.ts';
import { runStep } from './steps.ts';

/**
 * 130 more than before campaigns: 48 are what the world's numbering plans cost (libphonenumber-js with all its metadata; a
 * number that is none must be known before it is dialled), 8 the places of numbers and postal codes, the rest the dialer, the
 * carriers and their routes. 30 more for agents that are edited: profiles and their versions, tools, vehicles' numbers, scenarios.
 * The platform takes 3 MiB.
 */
const WORKER_AIM_KIB = 560;
const FIRST_ROUTE_AIM_KIB = 70;

/** `npm run build`: the Worker's bundle as it would be deployed and the Pages output, with their sizes. */
const outDir = await bundleWorker(join(ROOT, 'dist/worker'), true);
const workerKiB = gzipSync(readFileSync(join(outDir, 'index.js')), { level: 9 }).byteLength / 1024;
const built = await runStep({ name: 'pages', command: ['npm', 'run', '--silent', 'build', '-w', 'web'] });
if (!built) process.exit(1);
const firstRouteKiB = firstRouteSize(join(ROOT, 'web/build')) / 1024;

const row = (what: string, kib: number, aim: number): void =>
  console.log(
    `${what.padEnd(34)} ${kib.toFixed(1).padStart(7)} KiB gz   aim ≤ ${aim}${kib > aim ? '   OVER' : ''}`,
  );
console.log('');
row('Worker bundle', workerKiB, WORKER_AIM_KIB);
row('Pages, JavaScript of first route', firstRouteKiB, FIRST_ROUTE_AIM_KIB);
process.exit(workerKiB > WORKER_AIM_KIB || firstRouteKiB > FIRST_ROUTE_AIM_KIB ? 1 : 0);
