CREATE TABLE `account` (
	`id` text PRIMARY KEY NOT NULL,
	`accountId` text NOT NULL,
	`providerId` text NOT NULL,
	`userId` text NOT NULL,
	`accessToken` text,
	`refreshToken` text,
	`idToken` text,
	`accessTokenExpiresAt` integer,
	`refreshTokenExpiresAt` integer,
	`scope` text,
	`password` text,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL,
	FOREIGN KEY (`userId`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `account_by_provider` ON `account` (`providerId`,`accountId`);--> statement-breakpoint
CREATE TABLE `call_backs` (
	`call_id` text PRIMARY KEY NOT NULL,
	`promised_at_ms` integer NOT NULL,
	`settled_at_ms` integer,
	FOREIGN KEY (`call_id`) REFERENCES `calls`(`call_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `call_backs_owed` ON `call_backs` (`settled_at_ms`,`promised_at_ms`);--> statement-breakpoint
CREATE TABLE `calls` (
	`call_id` text PRIMARY KEY NOT NULL,
	`profile` text NOT NULL,
	`channel` text NOT NULL,
	`phase` text NOT NULL,
	`outcome` text,
	`contact_name` text,
	`requested_at_ms` integer NOT NULL,
	`answered_at_ms` integer,
	`ended_at_ms` integer,
	`utterances` integer NOT NULL,
	`head` integer NOT NULL,
	`summary` text NOT NULL,
	CONSTRAINT "calls_phase" CHECK("calls"."phase" in ('requested', 'connecting', 'inProgress', 'ended')),
	CONSTRAINT "calls_ended" CHECK(("calls"."phase" = 'ended') = ("calls"."ended_at_ms" is not null)),
	CONSTRAINT "calls_outcome" CHECK(("calls"."phase" = 'ended') = ("calls"."outcome" is not null))
);
--> statement-breakpoint
CREATE INDEX `calls_by_end` ON `calls` (`phase`,`ended_at_ms`,`call_id`);--> statement-breakpoint
CREATE TABLE `session` (
	`id` text PRIMARY KEY NOT NULL,
	`expiresAt` integer NOT NULL,
	`token` text NOT NULL,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL,
	`ipAddress` text,
	`userAgent` text,
	`userId` text NOT NULL,
	FOREIGN KEY (`userId`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `session_token_unique` ON `session` (`token`);--> statement-breakpoint
CREATE INDEX `session_by_user` ON `session` (`userId`);--> statement-breakpoint
CREATE TABLE `transcripts` (
	`call_id` text NOT NULL,
	`page` integer NOT NULL,
	`utterances` text NOT NULL,
	PRIMARY KEY(`call_id`, `page`),
	FOREIGN KEY (`call_id`) REFERENCES `calls`(`call_id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "transcripts_utterances" CHECK(json_type("transcripts"."utterances") = 'array')
);
--> statement-breakpoint
CREATE TABLE `user` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`emailVerified` integer NOT NULL,
	`image` text,
	`role` text DEFAULT 'viewer' NOT NULL,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL,
	CONSTRAINT "user_role" CHECK("user"."role" in ('admin', 'supervisor', 'operator', 'viewer'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `user_email_unique` ON `user` (`email`);--> statement-breakpoint
CREATE TABLE `verification` (
	`id` text PRIMARY KEY NOT NULL,
	`identifier` text NOT NULL,
	`value` text NOT NULL,
	`expiresAt` integer NOT NULL,
	`createdAt` integer,
	`updatedAt` integer
);
