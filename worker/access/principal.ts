import type { DoorClaims } from '../../durable-objects/door-token.ts';

export const roles = ['admin', 'supervisor', 'operator', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** Who a request comes from, as the door verified it; never as the request says. */
export type Principal =
  | { readonly kind: 'anyone' }
  | {
      readonly kind: 'user';
      readonly userId: string;
      readonly name: string;
      readonly email: string;
      readonly role: Role;
    }
  | { readonly kind: 'agentHost' }
  | { readonly kind: 'agent'; readonly claims: DoorClaims }
  | { readonly kind: 'lab' };
