/**
 * Adds a preload for the text font to the built index.html. Its name is hashed and is otherwise first met in a style
 * sheet that a script asks for: three trips after the page, with a flash of the fallback font.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const build = new URL('../build/', import.meta.url);
const assets = '_app/immutable/assets/';

const font = readdirSync(new URL(assets, build)).find((name) =>
  /^hanken-grotesk-latin-wght-normal\..*\.woff2$/.test(name),
);
if (font === undefined) throw new Error(`no Hanken Grotesk in ${assets}: did fonts.css change?`);

const page = new URL('index.html', build);
const link = `<link rel="preload" href="/${assets}${font}" as="font" type="font/woff2" crossorigin />`;
const html = readFileSync(page, 'utf8');
if (!html.includes(link)) writeFileSync(page, html.replace('</head>', `  ${link}\n  </head>`));
