import type { EditedProfile } from '../../../../protocol/api/profiles.ts';
import type { ProfileContent } from '../../../../protocol/profile.ts';
import { publishAgent, readAgent, saveDraft } from '../api/agents.ts';
import { Action } from '../form/action.svelte.ts';
import { contentOf, draftOf, sameContent, type AgentDraft } from './draft.ts';
import { fieldProblems } from './field-problems.ts';

/** Owns one agent while it is edited: what was saved, what is in the form, and whether somebody else was faster. */
export class AgentEditor {
  draft: AgentDraft = $state() as AgentDraft;
  readonly action = new Action();
  #saved = $state.raw() as EditedProfile;
  /** What somebody saved while this was edited: nothing is overwritten before a person has said so. */
  #theirs = $state.raw<EditedProfile | null>(null);
  readonly #httpTools: readonly string[];

  readonly content: ProfileContent = $derived(contentOf($state.snapshot(this.draft) as AgentDraft));
  readonly unsaved = $derived(!sameContent(this.content, this.#saved.draft.content));
  readonly problems = $derived.by(() => fieldProblems(this.content, this.#httpTools));

  constructor(edited: EditedProfile, httpTools: readonly string[]) {
    this.#saved = edited;
    this.draft = draftOf(edited.draft.content);
    this.#httpTools = httpTools;
  }

  get saved(): EditedProfile {
    return this.#saved;
  }
  get theirs(): EditedProfile | null {
    return this.#theirs;
  }
  /** What is wrong with a field; the form shows it there. */
  problem = (field: string): string | undefined =>
    this.problems.unsavable.get(field) ?? this.problems.unready.get(field);

  /** @returns whether what is in the form is now the draft */
  async save(): Promise<boolean> {
    if (!this.unsaved) return true;
    const { slug, draft } = this.#saved;
    const reply = await this.action.run('The draft was not saved.', async () => {
      const answer = await saveDraft(slug, draft.revision, this.content);
      if (!answer.ok && answer.failure.code === 'conflict') await this.#lookAtTheirs();
      return answer;
    });
    if (reply === null) return false;
    this.#saved = reply.value;
    this.#theirs = null;
    return true;
  }

  /** Saved first, so that what goes out is what is seen. @returns whether it went out */
  async publish(note: string): Promise<boolean> {
    if (!(await this.save())) return false;
    const { slug, draft } = this.#saved;
    const reply = await this.action.run('It was not published.', async () => {
      const answer = await publishAgent(slug, draft.revision, note);
      if (!answer.ok && answer.failure.code === 'conflict') await this.#lookAtTheirs();
      return answer;
    });
    if (reply === null) return false;
    this.#saved = reply.value;
    return true;
  }

  /** Mine is to stand on what they saved. */
  async overwrite(): Promise<boolean> {
    if (this.#theirs === null) return false;
    this.#saved = this.#theirs;
    return this.save();
  }

  /** Theirs is to stand; what was typed here is gone. */
  takeTheirs(): void {
    if (this.#theirs === null) return;
    this.load(this.#theirs);
  }

  load(edited: EditedProfile): void {
    this.#saved = edited;
    this.#theirs = null;
    this.action.problem = null;
    this.draft = draftOf(edited.draft.content);
  }

  async #lookAtTheirs(): Promise<void> {
    const now = await readAgent(this.#saved.slug);
    if (now.ok && now.value.draft.revision !== this.#saved.draft.revision) this.#theirs = now.value;
  }
}
