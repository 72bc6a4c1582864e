ALTER TABLE `calls` ADD `campaign_id` text;
--> statement-breakpoint
ALTER TABLE `calls` ADD `lead_id` text;
--> statement-breakpoint
ALTER TABLE `calls` ADD `phone` text;
--> statement-breakpoint
CREATE INDEX `calls_of_campaign` ON `calls` (`campaign_id`,`ended_at_ms`,`call_id`) WHERE campaign_id is not null;
--> statement-breakpoint
CREATE INDEX `calls_of_number` ON `calls` (`phone`,`ended_at_ms`,`call_id`) WHERE phone is not null;
--> statement-breakpoint
CREATE INDEX `calls_of_outcome` ON `calls` (`outcome`,`ended_at_ms`,`call_id`);
--> statement-breakpoint
CREATE INDEX `calls_of_name` ON `calls` (`contact_key`) WHERE contact_key is not null;
--> statement-breakpoint
CREATE VIRTUAL TABLE `call_words` USING fts5(words, tokenize = "unicode61 remove_diacritics 2");
--> statement-breakpoint
INSERT INTO `call_words` (`call_words`, `rank`) VALUES ('secure-delete', 1);
--> statement-breakpoint
INSERT INTO `call_words` (`rowid`, `words`)
SELECT c.rowid, group_concat(json_extract(u.value, '$.text'), char(10))
FROM `calls` c JOIN `transcripts` t ON t.call_id = c.call_id, json_each(t.utterances) u
WHERE c.words_erased = 0 GROUP BY c.rowid;
--> statement-breakpoint
CREATE TABLE `saved_views` (
	`view_id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`name` text NOT NULL,
	`query` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `saved_views_by_user` ON `saved_views` (`user_id`,`view_id`);
