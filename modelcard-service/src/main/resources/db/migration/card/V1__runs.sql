CREATE TABLE events (
  event_id text PRIMARY KEY,
  run_id text NOT NULL,
  occurred_at timestamptz NOT NULL,
  type text NOT NULL,
  content jsonb NOT NULL
);
CREATE INDEX events_of_run ON events (run_id, occurred_at);
-- The event that ended a run; the first one wins, and its id says which it was.
CREATE TABLE outcomes (
  run_id text PRIMARY KEY,
  event_id text NOT NULL,
  content jsonb NOT NULL
);
CREATE TABLE repetitions (
  run_id text PRIMARY KEY,
  first_run_id text NOT NULL,
  content jsonb NOT NULL
);
CREATE TABLE cards (
  model_id text NOT NULL,
  version text NOT NULL,
  run_id text NOT NULL,
  content jsonb NOT NULL,
  PRIMARY KEY (model_id, version)
);
