import {
  WebAuthnError,
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser';
import type * as z from 'zod/mini';
import type {
  AuthenticationAnswerSchema,
  CreationOptionsSchema,
  RegistrationAnswerSchema,
  RequestOptionsSchema,
} from '../../../../protocol/api/passkeys.ts';
import type { Explanation } from '../api/explain.ts';

/** Why the device gave none: the person or their device declined, or it holds this account's passkey already. */
export type Declined = 'declined' | 'alreadyThere' | 'unsupported';
type Asked<Answer> =
  { readonly ok: true; readonly answer: Answer } | { readonly ok: false; readonly reason: Declined };

type CreationOptions = z.infer<typeof CreationOptionsSchema>;
type RequestOptions = z.infer<typeof RequestOptionsSchema>;
type RegistrationAnswer = z.input<typeof RegistrationAnswerSchema>;
type AuthenticationAnswer = z.input<typeof AuthenticationAnswerSchema>;

export const passkeysSupported = (): boolean => browserSupportsWebAuthn();

/** Asks the device to make a passkey; the person sees their system's own dialog. */
export const makePasskey = (options: CreationOptions): Promise<Asked<RegistrationAnswer>> =>
  asked(() =>
    startRegistration({
      optionsJSON: options as unknown as Parameters<typeof startRegistration>[0]['optionsJSON'],
    }),
  );

/** Asks the device to prove a passkey it has. */
export const provePasskey = (options: RequestOptions): Promise<Asked<AuthenticationAnswer>> =>
  asked(() => startAuthentication({ optionsJSON: options }));

async function asked<Answer>(ask: () => Promise<unknown>): Promise<Asked<Answer>> {
  try {
    // The browser's own object, as its JSON: the Worker decodes it.
    return { ok: true, answer: (await ask()) as Answer };
  } catch (error) {
    if (error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') {
      return { ok: false, reason: 'alreadyThere' };
    }
    return {
      ok: false,
      reason: error instanceof DOMException || error instanceof WebAuthnError ? 'declined' : 'unsupported',
    };
  }
}

export function declined(reason: Declined): Explanation {
  const words: Record<Declined, readonly [string, string]> = {
    declined: [
      'Your device did not confirm it, or took too long.',
      'Try again, and follow what your device asks.',
    ],
    alreadyThere: ['Your device holds a passkey for this account already.', 'Use that one.'],
    unsupported: ['This browser cannot do it.', 'Use another browser or your password.'],
  };
  const [why, todo] = words[reason];
  return { what: 'No passkey was used.', why, todo, requestId: null };
}
