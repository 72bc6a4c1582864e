import type { Me } from '../../../../protocol/api/session.ts';

export type Role = Me['user']['role'];

/** What each role is for, in the words of the people who have it. */
export const roleOptions: readonly { readonly value: Role; readonly label: string }[] = [
  { value: 'admin', label: 'Admin: everything' },
  { value: 'supervisor', label: 'Supervisor: watches and steers calls' },
  { value: 'operator', label: 'Operator: takes calls' },
  { value: 'viewer', label: 'Viewer: looks, with personal data masked' },
];
export const shortRoleOptions = roleOptions.map(({ value }) => ({
  value,
  label: value.charAt(0).toUpperCase() + value.slice(1),
}));
