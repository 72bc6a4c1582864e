import type { ModelChoice, ModelProvider, ModelStage } from '../../../domain/profile/models.ts';
import { modelName } from '../../../domain/profile/models.ts';
import type { Log } from '../log.ts';
import { errorName } from '../log.ts';
import type { Candidate } from './fallback/roster.ts';
import type { EarMaking, Making, Provider } from './provider.ts';

/** Loaded when a profile asks for them: a job's start does not wait for services its call never speaks with. */
const load: Readonly<Record<ModelProvider, () => Promise<{ readonly provider: Provider }>>> = {
  lab: () => import('./lab.ts'),
  openai: () => import('./openai.ts'),
  groq: () => import('./groq.ts'),
  azure: () => import('./azure.ts'),
  deepgram: () => import('./deepgram.ts'),
  cartesia: () => import('./cartesia.ts'),
  sarvam: () => import('./sarvam.ts'),
  elevenlabs: () => import('./elevenlabs.ts'),
};

type Stage = Exclude<ModelStage, 'realtime'>;
type MakingFor<S extends Stage> = S extends 'hearing' ? EarMaking : Making;
type Made<S extends Stage> = NonNullable<ReturnType<NonNullable<Provider[S]>>>;

/** The models of one stage that this host can speak with, in order. One that it cannot is left out, by name (MODEL-5). */
export async function modelsFor<S extends Stage>(
  stage: S,
  choices: readonly ModelChoice[],
  making: MakingFor<S>,
  log: Log,
): Promise<Candidate<Made<S>>[]> {
  const made = await Promise.all(
    choices.map(async (choice): Promise<Candidate<Made<S>>[]> => {
      const skip = (why: string): [] => {
        log.warn('a model is left out', { stage, provider: choice.provider, why });
        return [];
      };
      try {
        const { provider } = await load[choice.provider]();
        const make = provider[stage] as
          ((choice: ModelChoice, making: MakingFor<S>) => Made<S> | null) | undefined;
        if (make === undefined) return skip('not for this stage');
        const model = make(choice, making);
        return model === null ? skip('no key or address') : [{ name: modelName(choice), model }];
      } catch (error) {
        return skip(errorName(error));
      }
    }),
  );
  const names = new Set<string>();
  // The same model twice would be one that stands in for itself.
  return made.flat().filter(({ name }) => !names.has(name) && names.add(name));
}
