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
  '/ws': { target: worker, ws: true },
};

export default defineConfig({
  plugins: [sveltekit({ adapter: adapter({ pages: 'build', assets: 'build', fallback: 'index.html' }) })],
  server: { host, port, strictPort: true, proxy, fs: { allow: ['..'] } },
  preview: { host, port, strictPort: true, proxy },
  build: {
    // The first versions with light-dark() and OKLCH: without it each token would be spelled out four times.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // livekit-client is one module; it is loaded only after somebody taps "Call".
    chunkSizeWarningLimit: 700,
  },
});
