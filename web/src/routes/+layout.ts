/** A static single-page app: everything it shows is behind a session or live. */
export const ssr = false;
export const prerender = false;
