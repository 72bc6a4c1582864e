CREATE TABLE `budget` (
	`one` integer PRIMARY KEY NOT NULL,
	`month_micros` integer,
	`told_month_ms` integer,
	`told` text,
	CONSTRAINT "budget_one" CHECK("budget"."one" = 1)
);
--> statement-breakpoint
ALTER TABLE `calls` ADD `turn_ms` text;--> statement-breakpoint
INSERT INTO `budget` (`one`) VALUES (1);