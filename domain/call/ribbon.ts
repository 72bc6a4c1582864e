/** How many stretches of speech a call's row carries. By itself in a file: the first page needs this number and no more. */
export const RIBBON_STRETCHES = 32;
