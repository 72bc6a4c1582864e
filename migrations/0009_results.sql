CREATE TABLE `call_results` (
	`call_id` text PRIMARY KEY NOT NULL,
	`words_seq` integer NOT NULL,
	`source` text NOT NULL,
	`disposition` text NOT NULL,
	`interest` text NOT NULL,
	`result` text NOT NULL,
	`judged_at_ms` integer NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`next_try_at_ms` integer,
	`correction` text,
	`corrected_by_name` text,
	`corrected_at_ms` integer,
	FOREIGN KEY (`call_id`) REFERENCES `calls`(`call_id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "results_source" CHECK("call_results"."source" in ('model', 'rules')),
	CONSTRAINT "results_result" CHECK(json_type("call_results"."result") = 'object')
);
--> statement-breakpoint
CREATE INDEX `results_by_interest` ON `call_results` (`interest`,`call_id`);--> statement-breakpoint
CREATE INDEX `results_owed` ON `call_results` (`next_try_at_ms`) WHERE next_try_at_ms is not null;