import { Hono } from 'hono';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { catalog } from '../openapi/catalog.ts';
import { openApiDocument } from '../openapi/document.ts';
import { referencePage } from '../openapi/reference-page.ts';
import { VERSION } from '../version.ts';

type OpenApiDocument = ReturnType<typeof openApiDocument>;

/** The same for everybody and until the next deploy: caches may keep it a little. */
const CACHED = { 'cache-control': 'public, max-age=300' };
/** The one page of the API's own: it may have its style, and nothing else. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

let built: { readonly origin: string; readonly document: OpenApiDocument } | null = null;
/** Made once an isolate: the same until the next deploy. */
function documentFor(c: Context<AppEnv>): OpenApiDocument {
  const origin = c.get('settings').appOrigins[0] ?? '';
  if (built?.origin !== origin) built = { origin, document: openApiDocument(catalog, VERSION, origin) };
  return built.document;
}

export const referenceRoutes = new Hono<AppEnv>()
  .get('/api/openapi.json', (c) => c.json(documentFor(c), 200, CACHED))
  .get('/api/docs', async (c) => {
    const page = await referencePage(documentFor(c) as unknown as Parameters<typeof referencePage>[0]);
    return c.html(page, 200, { ...CACHED, 'content-security-policy': PAGE_POLICY });
  });
