import type { Access } from './access.ts';
import { chat, fileEars, speech } from './openai.ts';
import type { Provider } from './provider.ts';

/** Groq speaks OpenAI's language at an address of its own. It has no realtime endpoint: words come when a stretch is over. */
const at = (access: Access | null): Access | null =>
  access && { ...access, baseUrl: access.baseUrl ?? 'https://api.groq.com/openai/v1' };

export const provider: Provider = {
  hearing: ({ model }, { access, language, vad }) => {
    const groq = at(access.groq);
    return groq && fileEars(groq, model ?? 'whisper-large-v3-turbo', language, vad);
  },
  thinking: ({ model }, { access }) => {
    const groq = at(access.groq);
    return groq && chat(groq, model ?? 'openai/gpt-oss-120b');
  },
  speaking: ({ model, voice }, { access, speakingRate }) => {
    const groq = at(access.groq);
    return (
      groq &&
      speech(groq, {
        model: model ?? 'canopylabs/orpheus-v1-english',
        voice: voice ?? 'hannah',
        rate: speakingRate,
      })
    );
  },
};
