import { env } from 'cloudflare:workers';
import { profileDefaults } from '../../domain/profile/defaults.ts';
import type { EditedProfile } from '../../protocol/api/profiles.ts';
import type { ProfileContent } from '../../protocol/profile.ts';
import { ask, post } from './world.ts';

export type Headers = Record<string, string>;

/** An agent that says nothing of what no test asks about. */
export const content = (over: Partial<ProfileContent> = {}): ProfileContent => ({
  ...structuredClone(profileDefaults),
  title: 'Bookings',
  greeting: 'Hello, this is the bookings line.',
  instructions: 'Be brief.',
  ...over,
});

export const freshSlug = (): string => `agent-${crypto.randomUUID().slice(0, 8)}`;

export const send = (method: string, path: string, who: Headers, body?: unknown): Promise<Response> =>
  ask(path, {
    method,
    headers: { ...who, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

export async function editing(response: Response | Promise<Response>): Promise<EditedProfile> {
  const answer = await response;
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.json<EditedProfile>();
}

export const create = (slug: string, who: Headers, over: Partial<ProfileContent> = {}): Promise<Response> =>
  post('/api/profiles', { slug, content: content(over) }, who);
export const draftOf = (slug: string, who: Headers): Promise<Response> =>
  ask(`/api/profiles/${slug}/draft`, { headers: who });
export const save = (slug: string, revision: number, what: ProfileContent, who: Headers): Promise<Response> =>
  send('PUT', `/api/profiles/${slug}/draft`, who, { revision, content: what });
export const publish = (slug: string, revision: number, who: Headers, note = ''): Promise<Response> =>
  post(`/api/profiles/${slug}/publish`, { revision, note }, who);

/** Made and published: it can be called. */
export async function published(who: Headers, over: Partial<ProfileContent> = {}): Promise<string> {
  const slug = freshSlug();
  const { draft } = await editing(create(slug, who, over));
  await editing(publish(slug, draft.revision, who));
  return slug;
}

export const auditOf = async (subject: string): Promise<{ action: string; detail: string | null }[]> =>
  (
    await env.DB.prepare('SELECT action, detail FROM audit WHERE subject = ? ORDER BY id')
      .bind(subject)
      .all<{ action: string; detail: string | null }>()
  ).results;
export const rowOf = (slug: string) =>
  env.DB.prepare('SELECT * FROM profiles WHERE slug = ?').bind(slug).first<Record<string, unknown>>();
