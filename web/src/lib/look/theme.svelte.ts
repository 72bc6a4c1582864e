export type ThemeChoice = 'system' | 'light' | 'dark';

/** app.html reads it before the first paint. */
const KEY = 'earshot-theme';

/** Owns the choice between paper and ink; the colours themselves follow from `color-scheme` in tokens.css. */
export class Theme {
  #choice = $state<ThemeChoice>(readChoice());

  get choice(): ThemeChoice {
    return this.#choice;
  }

  choose(choice: ThemeChoice): void {
    this.#choice = choice;
    if (choice === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
    try {
      if (choice === 'system') localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, choice);
    } catch {
      // Storage is off: the choice lasts as long as the page.
    }
  }
}

function readChoice(): ThemeChoice {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system';
  }
}
