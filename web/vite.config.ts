import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

/** Where the Worker listens during development and in the end-to-end tests. */
const worker = process.env.WORKER_URL ?? 'http://127.0.0.1:8787';
const host = process.env.WEB_HOST ?? '127.0.0.1';
const port = Number(process.env.WEB_PORT ?? 5173);

/** In production a zone route or the Pages functions do this: the browser sees one origin. */
const proxy = {
  '/api': worker,
  '/livekit': worker,
  '/healthz': worker,
  '/readyz': worker,
  '/debug': worker,
  '/ws': { target: worker, ws: true },
};

/** Shared by many pages, but not by the first: whoever fills in a form fetches them. */
const FORMS =
  /\/src\/lib\/(form|settings|entry)\/|\/api\/explain|\/components\/(ProblemNote|ConfirmDialog)\./;

type Policy = NonNullable<NonNullable<NonNullable<Parameters<typeof sveltekit>[0]>['csp']>['directives']>;
type Source = NonNullable<Policy['connect-src']>[number];

/** Where the media server is; a build for one deployment names its origin and nothing else is reached. */
const media = (process.env.MEDIA_ORIGINS ?? 'wss: https: ws://127.0.0.1:* http://127.0.0.1:*').split(
  ' ',
) as Source[];

const policy: Policy = {
  'default-src': ['none'],
  'script-src': ['self'],
  'style-src': ['self'],
  // Svelte and the list writes positions into style attributes; a style cannot run anything.
  'style-src-attr': ['unsafe-inline'],
  'font-src': ['self'],
  'img-src': ['self', 'data:', 'blob:'],
  'media-src': ['self', 'blob:'],
  'connect-src': ['self', ...media],
  'worker-src': ['self', 'blob:'],
  'manifest-src': ['self'],
  'form-action': ['self'],
  'base-uri': ['none'],
  'object-src': ['none'],
};

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter({ pages: 'build', assets: 'build', fallback: 'index.html' }),
      // Stands in the page itself, so that it holds wherever the pages are served; `_headers` adds what only a header can.
      csp: { mode: 'hash', directives: policy },
    }),
  ],
  server: { host, port, strictPort: true, proxy, fs: { allow: ['..'] } },
  preview: { host, port, strictPort: true, proxy },
  build: {
    // The first versions with light-dark() and OKLCH: without it each token would be spelled out four times.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Kit hands the page's version over before anything that reads it is evaluated: that stays a file of its own.
            { name: 'first', priority: 2, test: /runtime\/client\/payload|preload-helper/ },
            // What nearly every route uses is one file: it packs better, and is asked for once.
            { name: 'base', priority: 1, minShareCount: 15, test: (id) => !FORMS.test(id) },
            // Fields are small, and the first route names every file there is: together they are one.
            { name: 'fields', priority: 0, minShareCount: 2, test: /\/src\/lib\/form\// },
            { name: 'agents', priority: 0, minShareCount: 2, test: /\/src\/lib\/agents\// },
          ],
        },
      },
    },
    // livekit-client is one module; it is loaded only after somebody taps "Call".
    chunkSizeWarningLimit: 700,
  },
});
