/** The release, as pages and the API's reference show it. */
export const VERSION = '0.1.0';
