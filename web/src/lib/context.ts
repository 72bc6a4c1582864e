import { createContext } from 'svelte';
import type { Theme } from './look/theme.svelte.ts';
import type { Clock } from './time/clock.svelte.ts';

/** What the root layout owns and every page may lean on. */
export const [getTheme, setTheme] = createContext<Theme>();
export const [getClock, setClock] = createContext<Clock>();
