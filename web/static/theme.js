// Before the first paint, or a dark room flashes white. The key is theme.svelte.ts's.
try {
  const theme = localStorage.getItem('earshot-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the system's own choice holds.
}
