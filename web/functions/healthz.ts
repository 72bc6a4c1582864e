/** Forwards `/healthz` to the Worker, for whoever watches the site's own address. */
export const onRequest: PagesFunction<{ API: Fetcher }> = ({ request, env }) => env.API.fetch(request);
