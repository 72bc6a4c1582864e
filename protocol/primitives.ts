import * as z from 'zod/mini';

/** An opaque name of ours. */
export const Id = z.string().check(z.minLength(1), z.maxLength(128));
export const AtMs = z.int().check(z.nonnegative());
export const DurationMs = z.number().check(z.nonnegative(), z.maximum(86_400_000));
export const Text = z.string().check(z.maxLength(8_000));
export const Count = z.int().check(z.nonnegative());

export const SpeakerSchema = z.enum(['customer', 'agent', 'operator']);
export const ChannelSchema = z.enum(['web', 'phone', 'lab']);
export const MediaSchema = z.enum(['livekit', 'silent']);
export const OutcomeSchema = z.enum([
  'completed',
  'customerHungUp',
  'abandoned',
  'noAnswer',
  'noAgent',
  'agentFailed',
  'timeLimit',
  'spendLimit',
  'stale',
  'cancelled',
  'voicemail',
  'busy',
  'declined',
  'invalidNumber',
  'carrierFailed',
]);
export const ContactSchema = z.object({ name: z.nullable(z.string().check(z.maxLength(120))) });
export const CampaignStatusSchema = z.enum([
  'draft',
  'scheduled',
  'running',
  'paused',
  'stopped',
  'finished',
]);
