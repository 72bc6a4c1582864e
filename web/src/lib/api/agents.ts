import * as tools from '../../../../protocol/api/http-tools.ts';
import * as contracts from '../../../../protocol/api/profiles.ts';
import { testProfile } from '../../../../protocol/api/profiles.ts';
import type { AskOptions } from '../../../../protocol/client/client.ts';
import type { ProfileContent } from '../../../../protocol/profile.ts';
import { api } from './client.ts';

export type { EditedProfile, ProfileRow, ProfileVersion } from '../../../../protocol/api/profiles.ts';
export type { HttpToolRow } from '../../../../protocol/api/http-tools.ts';

/** Drafts and archived ones among them. */
export const readAgents = (options?: AskOptions) =>
  api(contracts.listProfiles, { query: { all: 'true' } }, options);
export const readAgent = (slug: string, options?: AskOptions) =>
  api(contracts.getDraft, { params: { slug } }, options);
export const readVersions = (slug: string, options?: AskOptions) =>
  api(contracts.listVersions, { params: { slug } }, options);
export const readVersion = (slug: string, version: number, options?: AskOptions) =>
  api(contracts.getVersion, { params: { slug, version: String(version) } }, options);
export const readHttpTools = (options?: AskOptions) => api(tools.listHttpTools, {}, options);

export const createAgent = (slug: string, content: ProfileContent) =>
  api(contracts.createProfile, { body: { slug, content } });
export const saveDraft = (slug: string, revision: number, content: ProfileContent) =>
  api(contracts.saveDraft, { params: { slug }, body: { revision, content } });
export const publishAgent = (slug: string, revision: number, note: string) =>
  api(contracts.publishProfile, { params: { slug }, body: { revision, note } });
export const archiveAgent = (slug: string) => api(contracts.archiveProfile, { params: { slug } });
export const unarchiveAgent = (slug: string) => api(contracts.unarchiveProfile, { params: { slug } });

/** A call of one's own with this revision of the draft. */
export const tryDraft = (slug: string, revision: number) =>
  api(testProfile, { params: { slug }, body: { revision } });
