/** Any of these patterns as words of their own, in any letter case: a letter or digit beside them makes them another word. */
export const anyOf = (...patterns: readonly string[]): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${patterns.join('|')})(?![\\p{L}\\p{N}])`, 'iu');
