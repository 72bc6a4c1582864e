import type { DoorClaims } from '../../durable-objects/door-token.ts';
import type { Scope } from '../../protocol/api/scopes.ts';

export const roles = ['admin', 'supervisor', 'operator', 'viewer'] as const;
export type Role = (typeof roles)[number];

export type User = {
  readonly kind: 'user';
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** The session's own id, never its token. */
  readonly sessionId: string;
};

/** Who a request comes from, as the door verified it; never as the request says. */
export type Principal =
  | { readonly kind: 'anyone' }
  | User
  | {
      readonly kind: 'apiKey';
      readonly keyId: string;
      readonly name: string;
      readonly scopes: readonly Scope[];
    }
  | { readonly kind: 'customer'; readonly callId: string }
  /** The lab's exchange, about one call. */
  | { readonly kind: 'labPhone'; readonly callId: string }
  | { readonly kind: 'agentHost' }
  | { readonly kind: 'agent'; readonly claims: DoorClaims }
  | { readonly kind: 'lab' };

/** What people call whoever asks; null: nobody with a name of their own. */
export const ownName = (principal: Principal): string | null =>
  principal.kind === 'user' || principal.kind === 'apiKey' ? principal.name : null;

/** How ledgers, the audit log and logs name a principal: `user:<id>`, `apiKey:<id>` … */
export function principalName(principal: Principal): string {
  switch (principal.kind) {
    case 'user':
      return `user:${principal.userId}`;
    case 'apiKey':
      return `apiKey:${principal.keyId}`;
    case 'customer':
      return `customer:${principal.callId}`;
    case 'agent':
      return `agent:${principal.claims.callId}`;
    default:
      return principal.kind;
  }
}
