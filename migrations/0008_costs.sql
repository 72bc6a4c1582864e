CREATE TABLE `prices` (
	`one` integer PRIMARY KEY NOT NULL,
	`prices` text NOT NULL,
	CONSTRAINT "prices_one" CHECK("prices"."one" = 1),
	CONSTRAINT "prices_json" CHECK(json_type("prices"."prices") = 'object')
);
--> statement-breakpoint
ALTER TABLE `calls` ADD `cost_micros` integer;--> statement-breakpoint
CREATE INDEX `calls_cost_of_campaign` ON `calls` (`campaign_id`,`cost_micros`) WHERE campaign_id is not null;
--> statement-breakpoint
INSERT INTO `prices` (`one`, `prices`) VALUES (1, '{"sttMinute":3000,"llmInputMillion":400000,"llmOutputMillion":1600000,"ttsMillionCharacters":600000,"ttsMinute":15000,"mediaMinute":500,"phoneMinute":14000}');
