-- Tokens are kept as digests from here on: sessions with a readable one end.
DELETE FROM `session`;
--> statement-breakpoint
ALTER TABLE `user` ADD `disabledAtMs` integer;
--> statement-breakpoint
CREATE INDEX `user_by_age` ON `user` (`createdAt`,`id`);
--> statement-breakpoint
CREATE TRIGGER `user_the_last_admin_stays` BEFORE UPDATE ON `user`
WHEN OLD.`role` = 'admin' AND OLD.`disabledAtMs` IS NULL
	AND (NEW.`role` <> 'admin' OR NEW.`disabledAtMs` IS NOT NULL)
	AND NOT EXISTS (
		SELECT 1 FROM `user` WHERE `id` <> OLD.`id` AND `role` = 'admin' AND `disabledAtMs` IS NULL
	) BEGIN
	SELECT RAISE(ABORT, 'the last active admin stays');
END;
--> statement-breakpoint
CREATE TRIGGER `user_the_last_admin_is_not_deleted` BEFORE DELETE ON `user`
WHEN OLD.`role` = 'admin' AND OLD.`disabledAtMs` IS NULL
	AND NOT EXISTS (
		SELECT 1 FROM `user` WHERE `id` <> OLD.`id` AND `role` = 'admin' AND `disabledAtMs` IS NULL
	) BEGIN
	SELECT RAISE(ABORT, 'the last active admin stays');
END;
--> statement-breakpoint
CREATE TABLE `passkey` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`publicKey` text NOT NULL,
	`userId` text NOT NULL,
	`credentialID` text NOT NULL,
	`counter` integer NOT NULL,
	`deviceType` text NOT NULL,
	`backedUp` integer NOT NULL,
	`transports` text,
	`createdAt` integer,
	`aaguid` text,
	FOREIGN KEY (`userId`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `passkey_by_credential` ON `passkey` (`credentialID`);
--> statement-breakpoint
CREATE INDEX `passkey_by_user` ON `passkey` (`userId`);
--> statement-breakpoint
CREATE INDEX `verification_by_identifier` ON `verification` (`identifier`);
--> statement-breakpoint
CREATE TABLE `invitations` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`email` text NOT NULL,
	`role` text NOT NULL,
	`invited_by` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`accepted_at_ms` integer,
	`accepted_by` text,
	`revoked_at_ms` integer,
	FOREIGN KEY (`invited_by`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "invitations_role" CHECK("invitations"."role" in ('admin', 'supervisor', 'operator', 'viewer')),
	CONSTRAINT "invitations_end" CHECK("invitations"."accepted_at_ms" is null or "invitations"."revoked_at_ms" is null)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_by_token` ON `invitations` (`token_hash`);
--> statement-breakpoint
CREATE INDEX `invitations_by_email` ON `invitations` (`email`);
--> statement-breakpoint
CREATE TABLE `password_resets` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`used_at_ms` integer,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `password_resets_by_user` ON `password_resets` (`user_id`);
--> statement-breakpoint
CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`secret_hash` text NOT NULL,
	`name` text NOT NULL,
	`scopes` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer,
	`last_used_at_ms` integer,
	`revoked_at_ms` integer,
	FOREIGN KEY (`created_by`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE no action
);
