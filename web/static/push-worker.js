// The service worker of web push, and of nothing else: it caches no page.
self.addEventListener('push', (event) => {
  let message;
  try {
    message = event.data.json();
  } catch {
    return;
  }
  const options = {
    body: String(message.sentence ?? ''),
    tag: String(message.number ?? ''),
    icon: '/favicon.svg',
    requireInteraction: message.severity === 'urgent',
    data: { path: typeof message.callId === 'string' ? `/calls/${encodeURIComponent(message.callId)}` : '/' },
  };
  event.waitUntil(self.registration.showNotification('Earshot', options));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const path = event.notification.data?.path ?? '/';
  event.waitUntil(
    self.clients.matchAll({ type: 'window' }).then((windows) => {
      const [window] = windows;
      return window === undefined
        ? self.clients.openWindow(path)
        : window.focus().then(() => window.navigate(path));
    }),
  );
});
