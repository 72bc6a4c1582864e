ALTER TABLE `dials` ADD `rung_at_ms` integer;--> statement-breakpoint
ALTER TABLE `dials` ADD `answered_at_ms` integer;--> statement-breakpoint
CREATE INDEX `dials_by_campaign` ON `dials` (`campaign_id`,`started_at_ms`);--> statement-breakpoint
CREATE INDEX `dials_by_ring` ON `dials` (`rung_at_ms`) WHERE rung_at_ms is not null;