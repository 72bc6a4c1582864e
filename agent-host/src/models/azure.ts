import { LLM } from '@livekit/agents-plugin-openai';
import { AzureOpenAI } from 'openai';
import { AzureEars, azureVoice } from './azure-speech.ts';
import type { Provider } from './provider.ts';

export const provider: Provider = {
  hearing: (_choice, { access: { azureSpeech }, language }) =>
    azureSpeech && new AzureEars(azureSpeech, language),
  speaking: ({ voice }, { access: { azureSpeech }, language, speakingRate }) =>
    azureSpeech && azureVoice(azureSpeech, { voice, language, rate: speakingRate }),
  // The plugin's `withAzure` (1.9.0) loses the model's name; the client it would make is given to it instead.
  thinking: ({ model }, { access: { azureOpenai } }) =>
    azureOpenai &&
    new LLM({
      // Azure calls it the deployment.
      model: model ?? 'gpt-4.1-mini',
      client: new AzureOpenAI({
        apiKey: azureOpenai.apiKey,
        endpoint: azureOpenai.baseUrl ?? '',
        apiVersion: azureOpenai.apiVersion,
        maxRetries: 0,
      }),
    }),
};
