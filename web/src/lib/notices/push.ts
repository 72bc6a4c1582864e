import type * as z from 'zod/mini';
import type { NewSubscriptionSchema } from '../../../../protocol/api/notifications.ts';

type NewSubscription = z.input<typeof NewSubscriptionSchema>;

/** Why this device cannot be told, or null when it can. */
export function pushObstacle(): string | null {
  if (!('serviceWorker' in navigator) || !('PushManager' in window)) {
    return 'This browser has no push. On an iPhone, add Earshot to the home screen first.';
  }
  if (Notification.permission === 'denied') {
    return 'Notifications of this page are blocked. Allow them in the browser’s settings for it.';
  }
  return null;
}

/** Asks the browser and its push service; the person sees the browser's own question. @throws DOMException when refused */
export async function subscribeDevice(publicKey: string): Promise<NewSubscription> {
  const registration = await navigator.serviceWorker.register('/push-worker.js');
  await navigator.serviceWorker.ready;
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: publicKey,
  });
  const { endpoint = '', keys } = subscription.toJSON();
  return { endpoint, keys: { p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' } };
}
