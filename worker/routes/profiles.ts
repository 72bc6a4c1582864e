import { Hono } from 'hono';
import { exampleProfiles } from '../../domain/profile/examples.ts';
import { listProfiles } from '../../protocol/api/profiles.ts';
import type { AppEnv } from '../app-env.ts';
import { serve } from '../http/serve.ts';

/** What people choose from; instructions stay here. */
export const profileRoutes = new Hono<AppEnv>();

serve(profileRoutes, listProfiles, () => ({ profiles: exampleProfiles }));
