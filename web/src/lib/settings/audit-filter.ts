import { auditActions, type AuditAction } from '../../../../protocol/api/audit.ts';

export interface AuditFilter {
  readonly action?: AuditAction;
  readonly actor?: string;
  readonly subject?: string;
}

const NAMED = /^[A-Za-z]+(:[0-9A-Za-z._-]{1,120})?$/;

/** What the address asks for; what makes no sense there is left out. */
export function auditFilter(search: URLSearchParams): AuditFilter {
  const action = auditActions.find((each) => each === search.get('action'));
  const named = (name: 'actor' | 'subject') => {
    const value = search.get(name)?.trim() ?? '';
    return NAMED.test(value) ? { [name]: value } : {};
  };
  return { ...(action === undefined ? {} : { action }), ...named('actor'), ...named('subject') };
}

/** `user.roleChanged` as people say it: "User: role changed". */
export function actionWords(action: string): string {
  const [noun = '', verb = ''] = action.split('.');
  const spaced = (text: string): string => text.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  const words = `${spaced(noun)}: ${spaced(verb)}`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}
