import { redirect } from '@sveltejs/kit';
import { resolve } from '$app/paths';

export const load = (): never => redirect(307, resolve('/(desk)/settings/profile'));
