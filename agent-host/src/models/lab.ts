import { labModel } from './access.ts';
import { chat, realtimeEars, speech } from './openai.ts';
import type { Provider } from './provider.ts';

/** The offline stand-ins, spoken to as OpenAI is: what runs in the lab is what runs in production. */
export const provider: Provider = {
  hearing: (choice, { access, language, vad }) => {
    const lab = labModel(access, choice.model ?? 'lab-stt');
    return lab.access && realtimeEars(lab.access, lab.model, language, vad);
  },
  thinking: (choice, { access }) => {
    const lab = labModel(access, choice.model ?? 'lab-llm');
    return lab.access && chat(lab.access, lab.model);
  },
  speaking: (choice, { access, speakingRate }) => {
    const lab = labModel(access, choice.model ?? 'lab-tts');
    const { model, voice } = { model: lab.model, voice: choice.voice ?? 'alloy' };
    return lab.access && speech(lab.access, { model, voice, rate: speakingRate });
  },
};
