CREATE TABLE `http_tools` (
	`name` text PRIMARY KEY NOT NULL,
	`description` text NOT NULL,
	`method` text NOT NULL,
	`url` text NOT NULL,
	`parameters` text NOT NULL,
	`headers` text NOT NULL,
	`timeout_ms` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	CONSTRAINT "http_tools_parameters" CHECK(json_type("http_tools"."parameters") = 'object'),
	CONSTRAINT "http_tools_headers" CHECK(json_type("http_tools"."headers") = 'object')
);
--> statement-breakpoint
CREATE TABLE `profile_versions` (
	`slug` text NOT NULL,
	`version` integer NOT NULL,
	`content` text NOT NULL,
	`published_at_ms` integer NOT NULL,
	`published_by_name` text NOT NULL,
	`note` text NOT NULL,
	PRIMARY KEY(`slug`, `version`),
	CONSTRAINT "profile_versions_content" CHECK(json_type("profile_versions"."content") = 'object')
);
--> statement-breakpoint
CREATE TABLE `profiles` (
	`slug` text PRIMARY KEY NOT NULL,
	`draft` text NOT NULL,
	`draft_revision` integer NOT NULL,
	`draft_saved_at_ms` integer NOT NULL,
	`draft_saved_by_name` text NOT NULL,
	`published_version` integer,
	`archived_at_ms` integer,
	CONSTRAINT "profiles_draft" CHECK(json_type("profiles"."draft") = 'object')
);
--> statement-breakpoint
CREATE TABLE `scenario_runs` (
	`call_id` text PRIMARY KEY NOT NULL,
	`scenario_id` text NOT NULL,
	`version` integer NOT NULL,
	`started_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	`verdict` text,
	FOREIGN KEY (`scenario_id`) REFERENCES `scenarios`(`scenario_id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `runs_of_scenario` ON `scenario_runs` (`scenario_id`,`started_at_ms`);--> statement-breakpoint
CREATE TABLE `scenarios` (
	`scenario_id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`scenario` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`from_call` text,
	CONSTRAINT "scenarios_scenario" CHECK(json_type("scenarios"."scenario") = 'object')
);
--> statement-breakpoint
CREATE INDEX `scenarios_of_profile` ON `scenarios` (`slug`,`scenario_id`);--> statement-breakpoint
CREATE TABLE `vehicle_lookups` (
	`call_id` text NOT NULL,
	`vin` text NOT NULL,
	`found` integer NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`call_id`, `vin`)
);
--> statement-breakpoint
CREATE INDEX `lookups_of_vehicle` ON `vehicle_lookups` (`vin`,`at_ms`);--> statement-breakpoint
CREATE TABLE `vehicles` (
	`vin` text PRIMARY KEY NOT NULL,
	`make` text NOT NULL,
	`model` text NOT NULL,
	`year` integer NOT NULL,
	`color` text,
	`price` integer,
	`note` text,
	`created_at_ms` integer NOT NULL,
	`created_in_call` text
);
