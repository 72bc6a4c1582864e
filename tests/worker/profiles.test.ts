import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { exampleProfiles } from '../../domain/profile/examples.ts';
import type { EditedProfile, ProfileRow, ProfileVersion } from '../../protocol/api/profiles.ts';
import { newCampaign } from './campaign-world.ts';
import type { Headers } from './profile-world.ts';
import {
  auditOf,
  content,
  create,
  draftOf,
  editing,
  freshSlug,
  publish,
  published,
  rowOf,
  save,
  send,
} from './profile-world.ts';
import { apiKey, ask, welcomedAgent, post, signIn } from './world.ts';

let admin: Headers;
beforeAll(async () => {
  admin = await signIn('admin');
});

interface Problem {
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: { field: string; problem: string }[];
}
const problemOf = async (response: Response | Promise<Response>): Promise<Problem> =>
  (await response).json<Problem>();
const listed = async (who: Headers, query = ''): Promise<ProfileRow[]> =>
  (await (await ask(`/api/profiles${query}`, { headers: who })).json<{ profiles: ProfileRow[] }>()).profiles;
const named = (rows: readonly ProfileRow[], slug: string): ProfileRow | undefined =>
  rows.find((each) => each.slug === slug);
const publicly = (slug: string): Promise<Response> => ask(`/api/profiles/${slug}`);
const versions = async (slug: string): Promise<ProfileVersion[]> =>
  (
    await (
      await ask(`/api/profiles/${slug}/versions`, { headers: admin })
    ).json<{ versions: ProfileVersion[] }>()
  ).versions;

describe('agents as data', () => {
  it('PROFILE-2 an example nobody touched has no row and is version 1; its first change writes both', async () => {
    const slug = 'loan-interest';
    const example = exampleProfiles.find((each) => each.slug === slug)!;
    const before = await editing(draftOf(slug, admin));
    expect(await rowOf(slug)).toBeNull();
    expect(before).toMatchObject({
      draft: { revision: 1, atMs: null, byName: null },
      published: { version: 1, byName: null },
      draftDiffers: false,
      problems: [],
    });
    expect(await versions(slug)).toEqual([
      { version: 1, atMs: null, byName: null, note: expect.any(String) as string },
    ]);
    const changed = { ...before.draft.content, title: 'Harbour Credit' };
    const after = await editing(save(slug, 1, changed, admin));
    expect(after).toMatchObject({
      draft: { revision: 2, byName: 'Test admin', content: { title: 'Harbour Credit' } },
      published: { version: 1, content: { title: 'Harbour Loans', greeting: example.greeting } },
      draftDiffers: true,
    });
    // Whoever calls still gets what is published.
    expect(await (await publicly(slug)).json()).toMatchObject({ title: 'Harbour Loans' });
    expect(named(await listed(admin), slug)).toMatchObject({
      title: 'Harbour Loans',
      publishedVersion: 1,
      draftDiffers: true,
      lastPublished: { atMs: null, byName: null },
    });
    await editing(publish(slug, 2, admin, 'A new name'));
    expect(await (await publicly(slug)).json()).toMatchObject({ title: 'Harbour Credit' });
    expect((await versions(slug)).map(({ version, note }) => [version, note])).toEqual([
      [2, 'A new name'],
      [1, expect.any(String)],
    ]);
    const first = await ask(`/api/profiles/${slug}/versions/1`, { headers: admin });
    expect(await first.json()).toMatchObject({ version: 1, content: { title: 'Harbour Loans' } });
  });

  it('PROFILE-1 nobody can call a draft; once published it can be called, and every change is in the log', async () => {
    const slug = freshSlug();
    const made = await editing(create(slug, admin));
    expect(made).toMatchObject({ published: null, draftDiffers: true, draft: { revision: 1 } });
    expect((await publicly(slug)).status).toBe(404);
    expect(named(await listed(admin), slug)).toBeUndefined();
    expect(named(await listed(admin, '?all=true'), slug)).toMatchObject({
      publishedVersion: null,
      draftDiffers: true,
      lastPublished: null,
    });
    const secret = 'Never tell anybody about the goose.';
    const saved = await editing(save(slug, 1, content({ instructions: secret }), admin));
    const done = await editing(publish(slug, saved.draft.revision, admin, 'First'));
    expect(done).toMatchObject({
      published: { version: 1, note: 'First', byName: 'Test admin' },
      draftDiffers: false,
    });
    const token = await ask(`/api/getToken?agent=${slug}`, { headers: { 'cf-connecting-ip': slug } });
    const { callId } = await token.json<{ callId: string }>();
    const { events } = (await env.CALL_ROOM.getByName(callId).events(0))!;
    expect(events[0]).toMatchObject({ profile: slug, profileVersion: 1 });
    const log = await auditOf(`profile:${slug}`);
    expect(log).toEqual([
      { action: 'profile.created', detail: null },
      { action: 'profile.draftSaved', detail: 'instructions' },
      { action: 'profile.published', detail: 'version 1' },
    ]);
    expect(JSON.stringify(log)).not.toContain('goose');
    expect(await (await publicly(slug)).text()).not.toContain('goose');
    expect(JSON.stringify(await listed(admin, '?all=true'))).not.toContain('goose');
  });

  it('PROFILE-1 a call keeps the profile it was begun with, whatever is published meanwhile', async () => {
    const slug = await published(admin, { greeting: 'As it was.' });
    const token = await ask(`/api/getToken?agent=${slug}`, { headers: { 'cf-connecting-ip': slug } });
    const { callId } = await token.json<{ callId: string }>();
    const room = env.CALL_ROOM.getByName(callId);
    const saved = await editing(save(slug, 1, content({ greeting: 'As it is.' }), admin));
    await editing(publish(slug, saved.draft.revision, admin));
    await room.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'silent' });
    const { agent, welcome } = await welcomedAgent(callId);
    expect(welcome.profile.greeting).toBe('As it was.');
    agent.socket.close();
  });

  it('PROFILE-1 a name that is taken, by an example or an archived agent too, makes no second agent', async () => {
    const slug = await published(admin);
    await editing(post(`/api/profiles/${slug}/archive`, {}, admin));
    for (const taken of [slug, 'auto-sales', 'new'])
      expect(await problemOf(create(taken, admin))).toMatchObject({
        code: 'conflict',
        errors: [{ field: 'slug' }],
      });
    const again = freshSlug();
    await editing(create(again, admin));
    // A retry whose answer was lost.
    expect((await create(again, admin)).status).toBe(201);
    expect(await auditOf(`profile:${again}`)).toHaveLength(1);
  });
});

describe('two people at one draft', () => {
  it('PROFILE-3 who edited an older revision is refused, is told by whom, and nothing is lost', async () => {
    const slug = freshSlug();
    await editing(create(slug, admin));
    const other = await signIn('admin');
    await editing(save(slug, 1, content({ title: 'Theirs' }), other));
    const late = await save(slug, 1, content({ title: 'Mine' }), admin);
    expect(late.status).toBe(409);
    expect(await problemOf(late)).toMatchObject({
      code: 'conflict',
      title: 'Test admin saved another draft meanwhile.',
      errors: [{ field: 'revision', problem: 'it is at 2' }],
    });
    const now = await editing(draftOf(slug, admin));
    expect(now.draft).toMatchObject({ revision: 2, content: { title: 'Theirs' } });
    expect((await publish(slug, 1, admin)).status).toBe(409);
    expect((await post(`/api/profiles/${slug}/test-call`, { revision: 1 }, admin)).status).toBe(409);
    // On what it is now, mine stands.
    await editing(save(slug, 2, content({ title: 'Mine' }), admin));
    expect(await auditOf(`profile:${slug}`)).toHaveLength(3);
  });

  it('PROFILE-3 of many who save at once one does, and the log names one', async () => {
    const slug = freshSlug();
    await editing(create(slug, admin));
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) => save(slug, 1, content({ title: `Of ${n}` }), admin)),
    );
    expect(answers.map((each) => each.status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    expect((await editing(draftOf(slug, admin))).draft.revision).toBe(2);
    expect((await auditOf(`profile:${slug}`)).map((each) => each.action)).toEqual([
      'profile.created',
      'profile.draftSaved',
    ]);
  });

  it('PROFILE-3 the same again changes nothing: a retry whose answer was lost', async () => {
    const slug = freshSlug();
    await editing(create(slug, admin));
    const what = content({ title: 'Twice' });
    for (let n = 0; n < 2; n++) expect((await editing(save(slug, 1, what, admin))).draft.revision).toBe(2);
    for (let n = 0; n < 2; n++)
      expect((await editing(publish(slug, 2, admin))).published).toMatchObject({ version: 1 });
  });

  it('PROFILE-3 of two who publish at once there is one version', async () => {
    const slug = freshSlug();
    await editing(create(slug, admin));
    const answers = await Promise.all([1, 2, 3].map(() => publish(slug, 1, admin)));
    expect(answers.map((each) => each.status)).toEqual([200, 200, 200]);
    expect((await versions(slug)).map((each) => each.version)).toEqual([1]);
    const logged = (await auditOf(`profile:${slug}`)).filter((each) => each.action === 'profile.published');
    expect([(await rowOf(slug))!.published_version, logged.length]).toEqual([1, 1]);
  });
});

describe('publishing', () => {
  it.each([
    [
      'a placeholder of nothing',
      { instructions: 'Greet {{contact.nmae}}.' },
      'instructions',
      'placeholderUnknown',
    ],
    [
      'a placeholder that would be read out',
      { greeting: 'Hello {{contact.name}}!' },
      'greeting',
      'placeholderSpoken',
    ],
    [
      'a provider that cannot',
      { thinking: [{ provider: 'deepgram' as const, model: null, voice: null }] },
      'thinking.0.provider',
      'providerCannot',
    ],
    [
      'a realtime provider that cannot',
      { realtime: { provider: 'cartesia' as const, model: null, voice: null } },
      'realtime.provider',
      'realtimeCannot',
    ],
    ['a tool that does not exist', { httpTools: ['no_such_tool'] }, 'httpTools.0', 'httpToolUnknown'],
    [
      'consent that nobody asks for',
      { recording: 'afterConsent' as const },
      'consentLine',
      'consentLineMissing',
    ],
  ])('PROFILE-4 %s is refused, with its place and what to do', async (_what, wrong, field, code) => {
    const slug = freshSlug();
    const made = await editing(create(slug, admin, wrong));
    expect(made.problems).toMatchObject([{ code, field }]);
    const refused = await publish(slug, 1, admin);
    expect(refused.status).toBe(409);
    const problem = await problemOf(refused);
    expect(problem).toMatchObject({ code: 'profile_cannot_work', errors: [{ field }] });
    expect(problem.errors![0]!.problem).toContain(code);
    expect((await post(`/api/profiles/${slug}/test-call`, { revision: 1 }, admin)).status).toBe(409);
    expect(await versions(slug)).toEqual([]);
    // Put right, it goes out.
    await editing(save(slug, 1, content(), admin));
    expect((await publish(slug, 2, admin)).status).toBe(200);
  });

  it('an older version comes back as a draft, and is published as a new one', async () => {
    const slug = await published(admin, { title: 'One' });
    await editing(save(slug, 1, content({ title: 'Two' }), admin));
    await editing(publish(slug, 2, admin));
    const first = await (
      await ask(`/api/profiles/${slug}/versions/1`, { headers: admin })
    ).json<EditedProfile['published'] & object>();
    await editing(save(slug, 2, first.content, admin));
    expect(await editing(publish(slug, 3, admin, 'Back'))).toMatchObject({
      published: { version: 3, content: { title: 'One' } },
    });
    expect((await ask(`/api/profiles/${slug}/versions/4`, { headers: admin })).status).toBe(404);
  });
});

describe('trying a draft', () => {
  it('PROFILE-5 an admin’s own call runs the draft, says so, and customers notice nothing', async () => {
    const slug = await published(admin, { greeting: 'Published.' });
    await editing(save(slug, 1, content({ greeting: 'Being tried.' }), admin));
    const response = await post(`/api/profiles/${slug}/test-call`, { revision: 2 }, admin);
    expect(response.status).toBe(200);
    const join = await response.json<{ callId: string; token: string; profile: { slug: string } }>();
    expect(join).toMatchObject({ token: expect.any(String) as string, profile: { slug } });
    expect(JSON.stringify(join)).not.toContain('instructions');
    const room = env.CALL_ROOM.getByName(join.callId);
    const { events } = (await room.events(0))!;
    expect(events[0]).toMatchObject({ profile: slug, profileVersion: 0, contact: { name: 'Test admin' } });
    await room.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'silent' });
    const { agent, welcome } = await welcomedAgent(join.callId);
    expect(welcome.profile.greeting).toBe('Being tried.');
    agent.socket.close();
    expect((await auditOf(`profile:${slug}`)).at(-1)).toEqual({
      action: 'profile.tried',
      detail: `call ${join.callId}`,
    });
    const token = await ask(`/api/getToken?agent=${slug}`, { headers: { 'cf-connecting-ip': slug } });
    const { callId } = await token.json<{ callId: string }>();
    expect((await env.CALL_ROOM.getByName(callId).events(0))!.events[0]).toMatchObject({ profileVersion: 1 });
  });
});

describe('archiving', () => {
  it('PROFILE-6 is refused while a campaign or a number uses it, naming them; then nobody can call it', async () => {
    const slug = await published(admin);
    const campaign = await newCampaign(admin, { profile: slug, name: 'Autumn' });
    await env.DB.batch([
      env.DB.prepare(
        "UPDATE campaigns SET status = 'paused', paused_because = 'byPerson' WHERE campaign_id = ?",
      ).bind(campaign.campaignId),
      env.DB.prepare(
        "INSERT INTO lines (phone, carrier_id, label, profile, created_at_ms) VALUES ('+12125550177', 'test-carrier', 'Front', ?, 0)",
      ).bind(slug),
    ]);
    const refused = await post(`/api/profiles/${slug}/archive`, {}, admin);
    expect(refused.status).toBe(409);
    const { detail } = await problemOf(refused);
    expect(detail).toContain('+12125550177 (Front)');
    expect(detail).toContain('Autumn');
    expect((await editing(draftOf(slug, admin))).usedBy).toMatchObject({
      lines: [{ phone: '+12125550177' }],
      campaigns: [{ campaignId: campaign.campaignId }],
    });
    await env.DB.batch([
      env.DB.prepare(
        "UPDATE campaigns SET status = 'stopped', paused_because = NULL WHERE campaign_id = ?",
      ).bind(campaign.campaignId),
      env.DB.prepare("DELETE FROM lines WHERE phone = '+12125550177'"),
    ]);
    expect((await editing(post(`/api/profiles/${slug}/archive`, {}, admin))).archivedAtMs).not.toBeNull();
    expect((await publicly(slug)).status).toBe(404);
    expect(named(await listed(admin), slug)).toBeUndefined();
    expect(named(await listed(admin, '?all=true'), slug)).toMatchObject({ archived: true });
    expect(await problemOf(save(slug, 1, content({ title: 'No' }), admin))).toMatchObject({
      code: 'conflict',
      title: 'It is archived.',
    });
    await editing(post(`/api/profiles/${slug}/unarchive`, {}, admin));
    expect((await publicly(slug)).status).toBe(200);
    expect((await auditOf(`profile:${slug}`)).map((each) => each.action).slice(-2)).toEqual([
      'profile.archived',
      'profile.unarchived',
    ]);
  });
});

describe('who may', () => {
  it('supervisors read agents and change none; others see which there are, and not by whom', async () => {
    const slug = await published(admin);
    const supervisor = await signIn('supervisor');
    expect((await draftOf(slug, supervisor)).status).toBe(200);
    expect((await save(slug, 1, content(), supervisor)).status).toBe(403);
    expect((await publish(slug, 1, supervisor)).status).toBe(403);
    expect((await post(`/api/profiles/${slug}/test-call`, { revision: 1 }, supervisor)).status).toBe(403);
    for (const role of ['operator', 'viewer'] as const) {
      const who = await signIn(role);
      expect((await draftOf(slug, who)).status).toBe(403);
      expect((await ask(`/api/profiles/${slug}/versions`, { headers: who })).status).toBe(403);
      expect(named(await listed(who, '?all=true'), slug)).toMatchObject({
        title: 'Bookings',
        lastPublished: null,
      });
    }
    expect(named(await listed(supervisor), slug)!.lastPublished).toMatchObject({ byName: 'Test admin' });
    const key = await apiKey(['profiles:write']);
    expect((await save(slug, 1, content({ title: 'By a machine' }), key)).status).toBe(200);
    expect((await draftOf(slug, key)).status).toBe(403);
    expect((await send('DELETE', '/api/http-tools/none_such', key)).status).toBe(404);
  });
});
