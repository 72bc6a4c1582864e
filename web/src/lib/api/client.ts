import { createClient } from '../../../../protocol/client/client.ts';

/** The API of the page's own origin. */
export const api = createClient();
