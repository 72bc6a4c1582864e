/** Words that stand for letters and digits when somebody spells: what a recogniser makes of them included. */
const spelledWords: Readonly<Record<string, string>> = {
  // NATO and its common spellings.
  ...{ alpha: 'A', alfa: 'A', bravo: 'B', charlie: 'C', delta: 'D', echo: 'E', foxtrot: 'F', golf: 'G' },
  ...{ hotel: 'H', india: 'I', juliet: 'J', juliett: 'J', kilo: 'K', lima: 'L', mike: 'M', november: 'N' },
  ...{ oscar: 'O', papa: 'P', quebec: 'Q', romeo: 'R', sierra: 'S', tango: 'T', uniform: 'U', victor: 'V' },
  ...{ whiskey: 'W', whisky: 'W', xray: 'X', yankee: 'Y', zulu: 'Z' },
  // Letters by their names.
  ...{ ay: 'A', bee: 'B', cee: 'C', see: 'C', sea: 'C', dee: 'D', ee: 'E', ef: 'F', eff: 'F', gee: 'G' },
  ...{ aitch: 'H', haitch: 'H', eye: 'I', jay: 'J', kay: 'K', el: 'L', ell: 'L', em: 'M', en: 'N', oh: 'O' },
  ...{ pee: 'P', cue: 'Q', queue: 'Q', are: 'R', ar: 'R', ess: 'S', tee: 'T', tea: 'T', you: 'U', vee: 'V' },
  ...{ doubleu: 'W', ex: 'X', why: 'Y', wye: 'Y', zee: 'Z', zed: 'Z' },
  ...{ zero: '0', nought: '0', naught: '0', nil: '0', one: '1', won: '1', two: '2', to: '2', too: '2' },
  ...{ three: '3', tree: '3', four: '4', for: '4', fower: '4', five: '5', fife: '5', six: '6', seven: '7' },
  ...{ eight: '8', ate: '8', ait: '8', nine: '9', niner: '9', ten: '10', eleven: '11', twelve: '12' },
  ...{ thirteen: '13', fourteen: '14', fifteen: '15', sixteen: '16', seventeen: '17', eighteen: '18' },
  ...{ nineteen: '19' },
};
const TENS: Readonly<Record<string, string>> = {
  ...{ twenty: '2', thirty: '3', forty: '4', fourty: '4', fifty: '5', sixty: '6', seventy: '7' },
  ...{ eighty: '8', ninety: '9' },
};
const TIMES: Readonly<Record<string, number>> = { double: 2, triple: 3, treble: 3 };
/** Said between the characters, and none of them. */
const FILLERS: ReadonlySet<string> = new Set([
  ...['capital', 'letter', 'number', 'digit', 'dash', 'hyphen', 'space', 'and', 'then', 'comma', 'next'],
]);

/** Lower-case words and runs of letters and digits; marks part them, hyphens inside compound numbers too. */
const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\bx[\s-]?ray\b/gu, 'xray')
    .replace(/\bdouble[\s-](?:u|you)\b/gu, 'doubleu')
    // "B as in Bravo", "H like Hotel": the letter was said already.
    .replace(/\b(\p{L})[\s,]+(?:as in|like|for)\s+\1\p{L}+/gu, '$1')
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** Runs of characters, in upper case, as somebody spelled them; what is no spelling parts the runs. */
export function spelledRuns(text: string): string[] {
  const runs: string[] = [''];
  const words = wordsOf(text);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const times = TIMES[word];
    const next = words[at + 1];
    if (times !== undefined && next !== undefined && charactersOf(next)?.length === 1) {
      runs[runs.length - 1] += (charactersOf(next) ?? '').repeat(times);
      at++;
      continue;
    }
    const tens = TENS[word];
    if (tens !== undefined) {
      const ones = charactersOf(next ?? '');
      const follows = ones !== null && /^[1-9]$/.test(ones);
      runs[runs.length - 1] += tens + (follows ? ones : '0');
      if (follows) at++;
      continue;
    }
    if (FILLERS.has(word)) continue;
    const characters = charactersOf(word);
    if (characters !== null) runs[runs.length - 1] += characters;
    else if (runs.at(-1) !== '') runs.push('');
  }
  return runs.filter(Boolean);
}

/** What one word stands for; null: it is no spelling. */
function charactersOf(word: string): string | null {
  const known = Object.hasOwn(spelledWords, word) ? spelledWords[word] : undefined;
  if (known !== undefined) return known;
  return word.length === 1 || /\p{N}/u.test(word) ? word.toUpperCase() : null;
}

/** Letters and digits as they stand, whatever parts them. */
export const plainCharacters = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
