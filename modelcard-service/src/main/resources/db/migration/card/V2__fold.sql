-- Everything here follows from the topics: dropped tables are filled again at the next start.
DROP TABLE cards;
DROP TABLE repetitions;
DROP TABLE outcomes;
DROP TABLE events;

-- Content is text: jsonb refuses the NUL characters that a hostile request may hold.
CREATE TABLE events (
  event_id text PRIMARY KEY,
  run_id text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  record_offset bigint NOT NULL,
  content text NOT NULL
);
CREATE INDEX events_of_run ON events (run_id);

CREATE TABLE runs (
  run_id text PRIMARY KEY,
  started_at timestamptz NOT NULL,
  summary text NOT NULL
);
CREATE INDEX newest_runs ON runs (started_at DESC);

CREATE TABLE repetitions (
  run_id text PRIMARY KEY,
  first_run_id text NOT NULL
);
CREATE INDEX repetitions_of_run ON repetitions (first_run_id);

-- The record that decided; whenever it is processed, the outcome is sent.
CREATE TABLE outcomes (
  run_id text PRIMARY KEY,
  topic text NOT NULL,
  partition integer NOT NULL,
  record_offset bigint NOT NULL,
  content text NOT NULL
);

CREATE TABLE cards (
  model_id text NOT NULL,
  version text NOT NULL,
  run_id text NOT NULL UNIQUE,
  content text NOT NULL,
  announced boolean NOT NULL,
  PRIMARY KEY (model_id, version)
);

-- The newest route table seen of each model.
CREATE TABLE routes (
  model_id text PRIMARY KEY,
  revision bigint NOT NULL,
  content text NOT NULL
);

-- The offset up to which each partition has been folded.
CREATE TABLE positions (
  topic text NOT NULL,
  partition integer NOT NULL,
  next_offset bigint NOT NULL,
  PRIMARY KEY (topic, partition)
);
