CREATE TABLE `audit` (
	`id` text PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`action` text NOT NULL,
	`actor` text NOT NULL,
	`actor_name` text,
	`subject` text,
	`detail` text,
	`address` text,
	`request_id` text
);
--> statement-breakpoint
CREATE INDEX `audit_by_action` ON `audit` (`action`,`id`);
--> statement-breakpoint
CREATE INDEX `audit_by_actor` ON `audit` (`actor`,`id`);
--> statement-breakpoint
CREATE INDEX `audit_by_subject` ON `audit` (`subject`,`id`);
--> statement-breakpoint
CREATE TRIGGER `audit_is_never_changed` BEFORE UPDATE ON `audit` BEGIN
	SELECT RAISE(ABORT, 'the audit log is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_is_kept_a_month` BEFORE DELETE ON `audit`
WHEN OLD.`at_ms` > (unixepoch() - 30 * 86400) * 1000 BEGIN
	SELECT RAISE(ABORT, 'the audit log is kept for at least a month');
END;
--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`name` text PRIMARY KEY NOT NULL,
	`body_hash` text NOT NULL,
	`new_id` text NOT NULL,
	`claimed_at_ms` integer NOT NULL,
	`status` integer,
	`content_type` text,
	`body` text
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_by_age` ON `idempotency_keys` (`claimed_at_ms`);
