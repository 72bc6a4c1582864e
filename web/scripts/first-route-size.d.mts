/** The larger of the first routes (board, sign-in), in gzipped bytes; `buildDir` is `web/build`. */
export function firstRouteSize(buildDir: string): number;
