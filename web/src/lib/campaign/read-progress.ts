import * as z from 'zod/mini';
import { CampaignProgressSchema, type CampaignProgress } from '../../../../protocol/campaign-progress.ts';

/** Campaigns as the board's socket tells of them; one that cannot be read keeps no other from being shown. */
export const readProgress = (raw: readonly unknown[]): readonly CampaignProgress[] =>
  raw.flatMap((each) => {
    const read = z.safeParse(CampaignProgressSchema, each);
    return read.success ? [read.data] : [];
  });
