/** What a browser's refusal to give a microphone means, in words for the person holding the phone. */
export interface MicrophoneTrouble {
  readonly what: string;
  readonly todo: string;
}

/**
 * @param secure whether the page is served safely (`isSecureContext`): elsewhere browsers have no microphone at all.
 * @param again what to do once it is mended
 */
export function microphoneTrouble(error: unknown, secure: boolean, again = 'call again'): MicrophoneTrouble {
  if (!secure) {
    return {
      what: 'This page was opened over an unsafe connection, so the browser keeps the microphone off.',
      todo: 'Open the same address with https:// in front.',
    };
  }
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return {
        what: 'The browser was not allowed to use your microphone.',
        todo: `Tap the lock or microphone sign beside the address, allow the microphone, then ${again}.`,
      };
    case 'NotFoundError':
    case 'OverconstrainedError':
      return {
        what: 'No microphone was found.',
        todo: `Connect a headset or microphone, then ${again}.`,
      };
    case 'NotReadableError':
    case 'AbortError':
      return {
        what: 'Another app is using your microphone.',
        todo: `Close other calls and recordings, then ${again}.`,
      };
    default:
      return {
        what: 'The microphone could not be started.',
        todo: 'Reload the page. If it stays like this, try another browser.',
      };
  }
}
