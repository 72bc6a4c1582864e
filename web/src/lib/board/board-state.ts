import type { CallSummary } from '../../../../domain/call/summary.ts';
import type { BoardDown, Seats } from '../../../../protocol/board.ts';
import type { CampaignProgress } from '../../../../protocol/campaign-progress.ts';

/** The board as last heard. Replaced, never changed. */
export interface BoardState {
  readonly version: number;
  readonly seats: Seats;
  readonly calls: ReadonlyMap<string, CallSummary>;
  readonly campaigns: ReadonlyMap<string, CampaignProgress>;
  /** The server's clock minus this browser's, ms. */
  readonly clockOffsetMs: number;
}

export const noCampaigns: BoardState['campaigns'] = new Map();

/** `gap`: a delta is missing; connect again for a snapshot. */
export type BoardTaken =
  { readonly verdict: 'taken'; readonly board: BoardState } | { readonly verdict: 'gap' };

/** Decodes what a board message says of campaigns; what cannot be read is left out. */
export type ReadCampaigns = (raw: readonly unknown[]) => readonly CampaignProgress[];

/** `readCampaigns`: null where nobody shows them. */
export function takeBoardMessage(
  board: BoardState | null,
  message: BoardDown,
  nowMs: number,
  readCampaigns: ReadCampaigns | null = null,
): BoardTaken {
  const changed = readCampaigns?.(message.campaigns) ?? [];
  const clockOffsetMs = message.serverNowMs - nowMs;
  const { version, seats } = message;
  if (message.type === 'snapshot') {
    const calls = new Map(message.calls.map((call) => [call.callId, call]));
    const campaigns = new Map(changed.map((each) => [each.campaignId, each]));
    return { verdict: 'taken', board: { version, seats, calls, campaigns, clockOffsetMs } };
  }
  if (board === null || version > board.version + 1) return { verdict: 'gap' };
  if (version <= board.version) return { verdict: 'taken', board };
  const calls = new Map(board.calls);
  for (const call of message.calls) {
    // Summaries may overtake each other on their way here; the ledger's head says which is newer.
    if ((calls.get(call.callId)?.head ?? 0) <= call.head) calls.set(call.callId, call);
  }
  for (const callId of message.removed) calls.delete(callId);
  return {
    verdict: 'taken',
    board: { version, seats, calls, campaigns: withCampaigns(board, changed), clockOffsetMs },
  };
}

/** The same map while no campaign changed, so that nothing that shows them is drawn again. */
function withCampaigns(
  board: BoardState,
  changed: readonly CampaignProgress[],
): ReadonlyMap<string, CampaignProgress> {
  if (changed.length === 0) return board.campaigns;
  const campaigns = new Map(board.campaigns);
  for (const each of changed) {
    if ((campaigns.get(each.campaignId)?.revision ?? 0) <= each.revision)
      campaigns.set(each.campaignId, each);
  }
  return campaigns;
}
