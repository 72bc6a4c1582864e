/**
 * What the auth library uses of zod. It imports the whole package as one namespace, which brings sixty languages' error
 * messages into the Worker (80 KiB gz) that nobody reads: our doors answer in words of their own. `[alias]` in wrangler.toml
 * puts this in zod's place.
 */
export * from '../../../node_modules/zod/v4/classic/schemas.js';
export * from '../../../node_modules/zod/v4/classic/checks.js';
export * from '../../../node_modules/zod/v4/classic/errors.js';
export * from '../../../node_modules/zod/v4/classic/parse.js';
export { toJSONSchema } from '../../../node_modules/zod/v4/core/json-schema-processors.js';
export * as iso from '../../../node_modules/zod/v4/classic/iso.js';
export * as coerce from '../../../node_modules/zod/v4/classic/coerce.js';
