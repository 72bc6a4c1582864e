/**
 * How much gzipped JavaScript each route loads before it can work: the page's own preloads, the entry, the route's
 * nodes and everything they import statically. Reads what the last `npm run build -w web` left behind.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const BUDGET_KIB = 70;
const FIRST_ROUTES = ['/(desk)', '/sign-in'];

/** @param {string} buildDir the built site: `web/build` */
export function routeSizes(buildDir) {
  const read = (/** @type {string} */ path) => readFileSync(join(buildDir, '..', path), 'utf8');
  const client = '.svelte-kit/output/client/';
  const manifest = JSON.parse(read(`${client}.vite/manifest.json`));
  const preloaded = [
    ...readFileSync(join(buildDir, 'index.html'), 'utf8').matchAll(/href="\/(_app\/[^"]+\.js)"/g),
  ];
  const keyOf = new Map(Object.entries(manifest).map(([key, chunk]) => [chunk.file, key]));
  const always = preloaded.map(([, file]) => keyOf.get(file)).filter((key) => key !== undefined);

  const collect = (key, seen) => {
    if (seen.has(key)) return;
    seen.add(key);
    for (const imported of manifest[key].imports ?? []) collect(imported, seen);
  };

  return Object.entries(routeTable(read)).map(([route, [page, layouts = []]]) => {
    const nodes = [0, ...layouts, page].map(
      (node) => `.svelte-kit/generated/build/client-optimized/nodes/${node}.js`,
    );
    const keys = new Set();
    for (const key of [...always, ...nodes]) collect(key, keys);
    const bytes = [...keys].reduce(
      (sum, key) => sum + gzipSync(read(client + manifest[key].file), { level: 9 }).byteLength,
      0,
    );
    return {
      route,
      bytes,
      files: keys.size,
      holdsLiveKit: [...keys].some((key) => key.includes('/livekit-client/')),
    };
  });
}

/** The larger of the first routes (board, sign-in), in bytes. */
export const firstRouteSize = (/** @type {string} */ buildDir) =>
  Math.max(
    ...routeSizes(buildDir).flatMap(({ route, bytes }) => (FIRST_ROUTES.includes(route) ? [bytes] : [])),
  );

/** Kit's own table: route id → [its page's node, its layouts' nodes]. */
function routeTable(read) {
  const app = read('.svelte-kit/generated/build/client-optimized/app.js');
  const table = /dictionary = (\{[\s\S]*?\n\t?\});/.exec(app)?.[1];
  if (table === undefined)
    throw new Error('the route table was not found: has kit changed its generated app.js?');
  return JSON.parse(table.replaceAll(/,(\s*[\]}])/g, '$1'));
}

/** As a command it fails over the budget, or when any route holds livekit-client before somebody taps "Call". */
if (import.meta.main) {
  let failed = false;
  for (const { route, bytes, files, holdsLiveKit } of routeSizes(join(import.meta.dirname, '../build'))) {
    const over = FIRST_ROUTES.includes(route) && bytes > BUDGET_KIB * 1024;
    failed ||= over || holdsLiveKit;
    const notes = [over && `over ${BUDGET_KIB} KiB`, holdsLiveKit && 'holds livekit-client']
      .filter(Boolean)
      .join(', ');
    console.log(
      `${route.padEnd(20)} ${(bytes / 1024).toFixed(1).padStart(6)} KiB gz in ${files} files ${notes}`,
    );
  }
  process.exit(failed ? 1 : 0);
}
