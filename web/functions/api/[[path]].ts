/**
 * Forwards `/api/*` to the Worker where no zone route does (pages.dev, previews, `wrangler pages dev`). A service
 * binding is a call inside Cloudflare, not a network hop.
 */
export const onRequest: PagesFunction<{ API: Fetcher }> = ({ request, env }) => env.API.fetch(request);
