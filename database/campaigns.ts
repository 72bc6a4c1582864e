import { systemAuditIfChanged } from './audit.ts';
import * as z from 'zod/mini';
import type { Campaign, CampaignSettings, CampaignStatus } from '../domain/campaign/campaign.ts';
import { CampaignSettingsSchema } from '../protocol/campaign.ts';
import { cutPage } from './page.ts';

interface Row {
  readonly campaign_id: string;
  readonly status: CampaignStatus;
  readonly paused_because: Campaign['pausedBecause'];
  readonly settings: string;
  readonly version: number;
  readonly created_at_ms: number;
  readonly starts_at_ms: number | null;
  readonly started_at_ms: number | null;
  readonly ended_at_ms: number | null;
  readonly archived_at_ms: number | null;
}

/** A row as the domain has it; only ever written through the schema. */
export function campaignOf(row: Row): Campaign {
  return {
    ...z.parse(CampaignSettingsSchema, JSON.parse(row.settings)),
    campaignId: row.campaign_id,
    status: row.status,
    pausedBecause: row.paused_because,
    version: row.version,
    createdAtMs: row.created_at_ms,
    startsAtMs: row.starts_at_ms,
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms,
    archivedAtMs: row.archived_at_ms,
  };
}

export const settingsOf = (campaign: Campaign): CampaignSettings =>
  z.parse(z.object(CampaignSettingsSchema.shape), campaign);

export async function campaignNamed(database: D1Database, campaignId: string): Promise<Campaign | null> {
  const row = await database
    .prepare('SELECT * FROM campaigns WHERE campaign_id = ?1')
    .bind(campaignId)
    .first<Row>();
  return row === null ? null : campaignOf(row);
}

/** Newest first; the cursor is the last one's id. */
export async function campaignPage(
  database: D1Database,
  archived: boolean,
  cursor: string | null,
  limit: number,
): Promise<{ campaigns: Campaign[]; nextCursor: string | null }> {
  const { results } = await database
    .prepare(
      `SELECT * FROM campaigns WHERE (archived_at_ms IS NOT NULL) = ?1 AND (?2 IS NULL OR campaign_id < ?2)
       ORDER BY campaign_id DESC LIMIT ?3`,
    )
    .bind(archived ? 1 : 0, cursor, limit + 1)
    .all<Row>();
  const { page, nextCursor } = cutPage(results.map(campaignOf), limit, (last) => last.campaignId);
  return { campaigns: page, nextCursor };
}

/** A draft; the same id again changes nothing. */
export async function addCampaign(
  database: D1Database,
  campaignId: string,
  settings: CampaignSettings,
  nowMs: number,
  audit: D1PreparedStatement,
): Promise<void> {
  const insert = database
    .prepare(
      `INSERT OR IGNORE INTO campaigns (campaign_id, name, status, settings, version, created_at_ms)
       VALUES (?1, ?2, 'draft', ?3, 1, ?4)`,
    )
    .bind(campaignId, settings.name, JSON.stringify(settings), nowMs);
  await database.batch([insert, audit]);
}

/** @returns false when it was changed since that version, or is gone */
export async function changeSettings(
  database: D1Database,
  campaignId: string,
  version: number,
  settings: CampaignSettings,
  audit: D1PreparedStatement,
): Promise<boolean> {
  const change = database
    .prepare(
      `UPDATE campaigns SET name = ?3, settings = ?4, version = version + 1
       WHERE campaign_id = ?1 AND version = ?2 AND archived_at_ms IS NULL RETURNING version`,
    )
    .bind(campaignId, version, settings.name, JSON.stringify(settings));
  const [changed] = await database.batch([change, audit]);
  return (changed?.results.length ?? 0) > 0;
}

/** What a change of status writes. */
export interface Move {
  readonly to: CampaignStatus;
  /** From these only. */
  readonly from: readonly CampaignStatus[];
  readonly pausedBecause?: Campaign['pausedBecause'];
  readonly startsAtMs?: number | null;
  /** Keeps it in the row: the first start, or the end. */
  readonly startedAtMs?: number;
  readonly endedAtMs?: number | null;
}

/**
 * Changes the status, if it is one of `from` at that moment; every change raises the version, so that whoever judged by
 * the one before claims nothing. @returns whether it did
 */
export async function moveCampaign(
  database: D1Database,
  campaignId: string,
  move: Move,
  audit: D1PreparedStatement | null,
): Promise<boolean> {
  const statement = database
    .prepare(
      `UPDATE campaigns SET status = ?2, paused_because = ?4, starts_at_ms = ?5,
         started_at_ms = coalesce(?6, started_at_ms),
         ended_at_ms = CASE WHEN ?8 THEN ?7 ELSE ended_at_ms END, version = version + 1
       WHERE campaign_id = ?1 AND archived_at_ms IS NULL AND status IN (SELECT value FROM json_each(?3))
       RETURNING version`,
    )
    .bind(
      campaignId,
      move.to,
      JSON.stringify(move.from),
      move.pausedBecause ?? null,
      move.startsAtMs ?? null,
      move.startedAtMs ?? null,
      move.endedAtMs ?? null,
      move.endedAtMs === undefined ? 0 : 1,
    );
  const [moved] = await database.batch(audit === null ? [statement] : [statement, audit]);
  return (moved?.results.length ?? 0) > 0;
}

export async function archiveCampaign(
  database: D1Database,
  campaignId: string,
  from: readonly CampaignStatus[],
  nowMs: number,
  audit: D1PreparedStatement,
): Promise<boolean> {
  const archive = database
    .prepare(
      `UPDATE campaigns SET archived_at_ms = ?3, version = version + 1
       WHERE campaign_id = ?1 AND archived_at_ms IS NULL AND status IN (SELECT value FROM json_each(?2))
       RETURNING version`,
    )
    .bind(campaignId, JSON.stringify(from), nowMs);
  const [archived] = await database.batch([archive, audit]);
  return (archived?.results.length ?? 0) > 0;
}

/** Nobody is waiting and nobody is on the line: it is finished. @returns whether it is now */
export async function finishCampaign(
  database: D1Database,
  campaignId: string,
  nowMs: number,
): Promise<boolean> {
  const finish = database
    .prepare(
      `UPDATE campaigns SET status = 'finished', ended_at_ms = ?2, version = version + 1
       WHERE campaign_id = ?1 AND status = 'running'
         AND NOT EXISTS (SELECT 1 FROM leads WHERE campaign_id = ?1 AND status IN ('waiting', 'dialling'))
         AND NOT EXISTS (SELECT 1 FROM dials WHERE campaign_id = ?1 AND ended_at_ms IS NULL)
       RETURNING version`,
    )
    .bind(campaignId, nowMs);
  const done = { action: 'campaign.finished', subject: `campaign:${campaignId}`, detail: null } as const;
  const [finished] = await database.batch([finish, systemAuditIfChanged(database, done, nowMs)]);
  return (finished?.results.length ?? 0) > 0;
}
