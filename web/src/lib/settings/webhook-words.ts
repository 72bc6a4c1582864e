import type { Delivery, DeliveryError, Webhook } from '../../../../protocol/api/webhooks.ts';
import type { WebhookEvent } from '../../../../protocol/webhook.ts';

export const eventWords: Record<WebhookEvent, string> = {
  'call.requested': 'a call is requested',
  'call.answered': 'a call is answered',
  'call.needsHuman': 'a caller asks for a person',
  'call.atRisk': 'a call goes badly',
  'call.callBackPromised': 'a call back is promised',
  'campaign.started': 'a campaign starts',
  'campaign.paused': 'a campaign is paused',
  'campaign.finished': 'a campaign has dealt with every lead',
  'call.ended': 'a call ends',
};

export function webhookState(webhook: Webhook): string {
  if (webhook.enabled) return 'Sending';
  switch (webhook.disabledReason) {
    case 'gone':
      return 'Stopped: the receiver said it is gone (410)';
    case 'failing':
      return 'Stopped: three days of failures';
    default:
      return 'Switched off';
  }
}

export const deliveryWords: Record<Delivery['state'], string> = {
  pending: 'Waiting for its next try',
  delivered: 'Delivered',
  dead: 'Given up',
};

export const errorWords: Record<DeliveryError, string> = {
  timedOut: 'no answer in time',
  unreachable: 'could not be reached',
  refused: 'refused',
  redirected: 'answered with a redirect, which we do not follow',
  gone: 'gone (410)',
  addressForbidden: 'not an address we send to',
  disabled: 'switched off before it was sent',
};
