CREATE TABLE `webhooks` (
	`id` text PRIMARY KEY NOT NULL,
	`url` text NOT NULL,
	`description` text NOT NULL,
	`events` text NOT NULL,
	`include_personal_data` integer NOT NULL,
	`enabled` integer NOT NULL,
	`disabled_reason` text,
	`created_at_ms` integer NOT NULL,
	`changed_at_ms` integer NOT NULL,
	CONSTRAINT "webhooks_reason" CHECK("webhooks"."disabled_reason" in ('byPerson', 'gone', 'failing')),
	CONSTRAINT "webhooks_enabled" CHECK(("webhooks"."enabled" = 1) = ("webhooks"."disabled_reason" is null))
);
--> statement-breakpoint
CREATE TABLE `push_subscriptions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`endpoint` text NOT NULL,
	`p256dh` text NOT NULL,
	`auth` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `push_subscriptions_endpoint_unique` ON `push_subscriptions` (`endpoint`);
--> statement-breakpoint
CREATE INDEX `push_subscriptions_by_user` ON `push_subscriptions` (`user_id`);
--> statement-breakpoint
CREATE TABLE `push_mutes` (
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	PRIMARY KEY(`user_id`, `kind`),
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
