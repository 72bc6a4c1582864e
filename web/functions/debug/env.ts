/** Forwards `/debug/env` to the Worker: which settings are there, for admins. */
export const onRequest: PagesFunction<{ API: Fetcher }> = ({ request, env }) => env.API.fetch(request);
