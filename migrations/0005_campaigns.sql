CREATE TABLE `campaigns` (
	`campaign_id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`status` text NOT NULL,
	`paused_because` text,
	`settings` text NOT NULL,
	`version` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`starts_at_ms` integer,
	`started_at_ms` integer,
	`ended_at_ms` integer,
	`archived_at_ms` integer,
	CONSTRAINT "campaigns_status" CHECK("campaigns"."status" in ('draft', 'scheduled', 'running', 'paused', 'stopped', 'finished')),
	CONSTRAINT "campaigns_paused" CHECK(("campaigns"."status" = 'paused') = ("campaigns"."paused_because" is not null)),
	CONSTRAINT "campaigns_scheduled" CHECK(("campaigns"."status" = 'scheduled') = ("campaigns"."starts_at_ms" is not null))
);
--> statement-breakpoint
CREATE TABLE `carriers` (
	`carrier_id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`settings` text NOT NULL,
	`calls_per_second` real NOT NULL,
	`concurrency` integer NOT NULL,
	`enabled` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	CONSTRAINT "carriers_kind" CHECK("carriers"."kind" in ('lab', 'livekitSip', 'twilio'))
);
--> statement-breakpoint
CREATE TABLE `decisions` (
	`chain` text NOT NULL,
	`seq` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`lead_id` text,
	`call_id` text,
	`verdict` text NOT NULL,
	`refusal` text,
	`record` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`chain`, `seq`),
	CONSTRAINT "decisions_verdict" CHECK(("decisions"."verdict" = 'allowed') = ("decisions"."refusal" is null))
);
--> statement-breakpoint
CREATE INDEX `decisions_by_lead` ON `decisions` (`lead_id`,`at_ms`);--> statement-breakpoint
CREATE INDEX `decisions_by_call` ON `decisions` (`call_id`);--> statement-breakpoint
CREATE TABLE `dial_limits` (
	`one` integer PRIMARY KEY NOT NULL,
	`concurrency` integer NOT NULL,
	`calls_per_second` real NOT NULL,
	CONSTRAINT "dial_limits_one" CHECK("dial_limits"."one" = 1)
);
--> statement-breakpoint
CREATE TABLE `dials` (
	`call_id` text PRIMARY KEY NOT NULL,
	`campaign_id` text,
	`lead_id` text,
	`phone` text NOT NULL,
	`carrier_id` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	`outcome` text,
	CONSTRAINT "dials_end" CHECK(("dials"."ended_at_ms" is null) = ("dials"."outcome" is null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `dials_one_a_number` ON `dials` (`phone`) WHERE ended_at_ms is null;--> statement-breakpoint
CREATE INDEX `dials_live` ON `dials` (`campaign_id`,`call_id`) WHERE ended_at_ms is null;--> statement-breakpoint
CREATE INDEX `dials_by_phone` ON `dials` (`phone`,`started_at_ms`);--> statement-breakpoint
CREATE INDEX `dials_by_start` ON `dials` (`started_at_ms`,`campaign_id`);--> statement-breakpoint
CREATE INDEX `dials_by_lead` ON `dials` (`lead_id`,`started_at_ms`);--> statement-breakpoint
CREATE TABLE `import_rejects` (
	`import_id` text NOT NULL,
	`row` integer NOT NULL,
	`code` text NOT NULL,
	`detail` text NOT NULL,
	`cells` text NOT NULL,
	PRIMARY KEY(`import_id`, `row`),
	FOREIGN KEY (`import_id`) REFERENCES `imports`(`import_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `imports` (
	`import_id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`campaign_id` text,
	`file_name` text NOT NULL,
	`file_bytes` integer NOT NULL,
	`fingerprint` text NOT NULL,
	`mapping` text NOT NULL,
	`status` text NOT NULL,
	`next_chunk` integer DEFAULT 0 NOT NULL,
	`rows` integer DEFAULT 0 NOT NULL,
	`imported` integer DEFAULT 0 NOT NULL,
	`duplicates` integer DEFAULT 0 NOT NULL,
	`elsewhere` integer DEFAULT 0 NOT NULL,
	`suppressed` integer DEFAULT 0 NOT NULL,
	`rejected` integer DEFAULT 0 NOT NULL,
	`without_zone` integer DEFAULT 0 NOT NULL,
	`created_by` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`changed_at_ms` integer NOT NULL,
	FOREIGN KEY (`campaign_id`) REFERENCES `campaigns`(`campaign_id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "imports_kind" CHECK("imports"."kind" in ('leads', 'suppressions')),
	CONSTRAINT "imports_campaign" CHECK(("imports"."kind" = 'leads') = ("imports"."campaign_id" is not null)),
	CONSTRAINT "imports_status" CHECK("imports"."status" in ('running', 'done', 'cancelled'))
);
--> statement-breakpoint
CREATE INDEX `imports_by_campaign` ON `imports` (`campaign_id`,`import_id`);--> statement-breakpoint
CREATE TABLE `leads` (
	`lead_id` text PRIMARY KEY NOT NULL,
	`campaign_id` text NOT NULL,
	`phone` text NOT NULL,
	`name` text,
	`email` text,
	`zone` text,
	`postal_code` text,
	`fields` text NOT NULL,
	`consent` text,
	`status` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_attempt_at_ms` integer DEFAULT 0 NOT NULL,
	`call_back_at_ms` integer,
	`last_outcome` text,
	`last_call_id` text,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`campaign_id`) REFERENCES `campaigns`(`campaign_id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "leads_status" CHECK("leads"."status" in ('waiting', 'dialling', 'reached', 'exhausted', 'unreachable', 'doNotCall', 'withdrawn')),
	CONSTRAINT "leads_fields" CHECK(json_type("leads"."fields") = 'object'),
	CONSTRAINT "leads_phone" CHECK("leads"."phone" glob '+[1-9]*')
);
--> statement-breakpoint
CREATE UNIQUE INDEX `leads_number` ON `leads` (`campaign_id`,`phone`);--> statement-breakpoint
CREATE INDEX `leads_due` ON `leads` (`campaign_id`,`status`,`next_attempt_at_ms`);--> statement-breakpoint
CREATE INDEX `leads_by_phone` ON `leads` (`phone`);--> statement-breakpoint
CREATE TABLE `lines` (
	`phone` text PRIMARY KEY NOT NULL,
	`carrier_id` text NOT NULL,
	`label` text NOT NULL,
	`profile` text,
	`rule_id` text,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`carrier_id`) REFERENCES `carriers`(`carrier_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `suppressions` (
	`phone` text PRIMARY KEY NOT NULL,
	`source` text NOT NULL,
	`reason` text NOT NULL,
	`added_by` text NOT NULL,
	`call_id` text,
	`added_at_ms` integer NOT NULL,
	CONSTRAINT "suppressions_source" CHECK("suppressions"."source" in ('person', 'import', 'call')),
	CONSTRAINT "suppressions_phone" CHECK("suppressions"."phone" glob '+[1-9]*')
);
--> statement-breakpoint
CREATE INDEX `suppressions_by_time` ON `suppressions` (`added_at_ms`,`phone`);--> statement-breakpoint
INSERT INTO `dial_limits` (`one`, `concurrency`, `calls_per_second`) VALUES (1, 50, 5);
--> statement-breakpoint
CREATE TRIGGER `decisions_stay` BEFORE UPDATE ON `decisions` BEGIN SELECT RAISE(ABORT, 'a dial decision is never changed'); END;
--> statement-breakpoint
CREATE TRIGGER `decisions_remain` BEFORE DELETE ON `decisions` BEGIN SELECT RAISE(ABORT, 'a dial decision is never removed'); END;
