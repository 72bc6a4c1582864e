import type { CallRequested, Media } from '../../domain/call/fact.ts';
import { roomName } from '../../domain/call/identity.ts';
import type { CampaignSettings } from '../../domain/campaign/campaign.ts';
import type { DialDecision } from '../../domain/dial/decision.ts';
import type { Briefing, CarrierKind } from '../../domain/dial/order.ts';
import type { Lead } from '../../domain/lead/lead.ts';
import { fillIn } from '../../domain/lead/script.ts';
import { namesLead } from '../../domain/profile/placeholders.ts';

/** The longest name a call takes. */
const NAME_LENGTH = 120;

/** The call that an allowed dial is: the decision stands in its ledger before anything rings (DIAL-1). */
export function callOrder(
  settings: CampaignSettings,
  carrier: CarrierKind,
  media: Media,
  lead: Lead,
  decision: DialDecision & { readonly callId: string },
  requestedBy: string,
): Omit<CallRequested, 'type'> {
  const { callId } = decision;
  return {
    callId,
    // The request may be repeated after a crash: it must be known as the same one.
    epoch: callId,
    room: roomName(callId),
    profile: settings.profile,
    // People who are simulated must never pass for others.
    channel: carrier === 'lab' ? 'lab' : 'phone',
    media,
    contact: { name: lead.name === null ? null : lead.name.slice(0, NAME_LENGTH) },
    requestedBy,
    phone: { direction: 'outbound', number: lead.phone, line: settings.callerId },
    lead: { leadId: lead.leadId, campaignId: lead.campaignId },
    dial: {
      carrierId: settings.carrierId,
      carrier,
      callerId: settings.callerId,
      ringMs: settings.ringMs,
      voicemail: settings.voicemail,
      decision,
    },
    briefing: briefingOf(settings, lead),
    // At most: the profile it is requested with may want less.
    ...(settings.recording === undefined ? {} : { recording: settings.recording }),
  };
}

export function briefingOf(
  settings: Pick<CampaignSettings, 'script' | 'greeting' | 'voicemail' | 'voicemailMessage'>,
  lead: Parameters<typeof fillIn>[1],
): Briefing {
  const filled = (template: string): string | null => {
    const { text } = fillIn(template, lead);
    return text.trim() === '' ? null : text;
  };
  return {
    script: filled(settings.script) ?? '',
    greeting: filled(settings.greeting),
    voicemailMessage: settings.voicemail === 'leaveMessage' ? filled(settings.voicemailMessage) : null,
  };
}

/** The briefing, with the profile's instructions where they name the lead (PROFILE-7). */
export const toldOf = (
  lead: Parameters<typeof fillIn>[1],
  briefing: Briefing,
  instructions: string,
): Briefing =>
  namesLead(instructions) ? { ...briefing, instructions: fillIn(instructions, lead).text } : briefing;
