ALTER TABLE `call_backs` ADD `settled_by` text;
--> statement-breakpoint
ALTER TABLE `calls` ADD `contact_key` text;
--> statement-breakpoint
ALTER TABLE `calls` ADD `words_erased` integer DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE `calls` ADD `contact_erased` integer DEFAULT false NOT NULL;
--> statement-breakpoint
UPDATE `calls` SET `contact_key` = lower(trim(`contact_name`));
--> statement-breakpoint
CREATE TABLE `erasures` (
	`id` text PRIMARY KEY NOT NULL,
	`requested_by` text NOT NULL,
	`calls` integer NOT NULL,
	`requested_at_ms` integer NOT NULL,
	`done_at_ms` integer,
	`failed_at_ms` integer,
	CONSTRAINT "erasures_end" CHECK("erasures"."done_at_ms" is null or "erasures"."failed_at_ms" is null)
);
--> statement-breakpoint
CREATE TABLE `erasure_calls` (
	`erasure_id` text NOT NULL,
	`call_id` text NOT NULL,
	`erased_at_ms` integer,
	PRIMARY KEY(`erasure_id`, `call_id`),
	FOREIGN KEY (`erasure_id`) REFERENCES `erasures`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `retention` (
	`one` integer PRIMARY KEY NOT NULL,
	`words_days` integer,
	`contacts_days` integer,
	`calls_days` integer,
	`audit_days` integer,
	`running_since_ms` integer,
	`calls` integer DEFAULT 0 NOT NULL,
	`words` integer DEFAULT 0 NOT NULL,
	`contacts` integer DEFAULT 0 NOT NULL,
	`audit` integer DEFAULT 0 NOT NULL,
	`last_run` text,
	CONSTRAINT "retention_one" CHECK("retention"."one" = 1),
	CONSTRAINT "retention_audit" CHECK("retention"."audit_days" >= 30)
);
--> statement-breakpoint
INSERT INTO `retention` (`one`) VALUES (1);
