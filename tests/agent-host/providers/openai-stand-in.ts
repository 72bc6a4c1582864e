import type { Service } from './service.ts';
import { sendJson, sound, startService } from './service.ts';

/** OpenAI's API as far as calls use it, also where others speak it (Groq, Azure OpenAI). */
export function startOpenAi(): Promise<Service> {
  return startService({
    http: ({ url, body }, response) => {
      if (url.pathname.endsWith('/chat/completions')) {
        const chunk = (delta: object, finish: string | null): string =>
          `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(chunk({ role: 'assistant', content: 'We sell ' }, null));
        response.write(chunk({ content: 'cars.' }, 'stop'));
        response.write(
          `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 } })}\n\n`,
        );
        response.end('data: [DONE]\n\n');
      } else if (url.pathname.endsWith('/audio/speech')) {
        const { response_format: format } = JSON.parse(body.toString()) as { response_format: string };
        if (format !== 'pcm') return void response.writeHead(400).end();
        response.writeHead(200, { 'content-type': 'audio/pcm' });
        // An odd number of bytes: samples are torn on the way.
        const whole = Buffer.concat([sound(), sound()]);
        response.write(whole.subarray(0, 2_401));
        response.end(whole.subarray(2_401));
      } else if (url.pathname.endsWith('/audio/transcriptions')) {
        const isWav = body.includes('RIFF') && body.includes('WAVE');
        sendJson(response, { text: isWav ? 'I want a car.' : '' });
      } else response.writeHead(404).end();
    },
    socket: (_asked, socket) => {
      let bytes = 0;
      socket.send(JSON.stringify({ type: 'session.created', session: { type: 'transcription' } }));
      return {
        text: (message) => {
          if (message.type === 'input_audio_buffer.append')
            bytes += Buffer.from(String(message.audio), 'base64').length;
          if (message.type !== 'input_audio_buffer.commit') return;
          const transcript = bytes >= 24_000 ? 'I want a car.' : '';
          const type = 'conversation.item.input_audio_transcription.completed';
          socket.send(JSON.stringify({ type, item_id: 'i1', content_index: 0, transcript }));
        },
      };
    },
  });
}
