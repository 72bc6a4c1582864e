import { string } from '../../../node_modules/zod/v4/classic/schemas.js';

/**
 * The auth library carries the code of thirty-five services to sign in with. We use none and open no route for them.
 * `[alias]` in wrangler.toml puts this in their place.
 */
export const socialProviders = {};
export const SocialProviderListEnum = string();
