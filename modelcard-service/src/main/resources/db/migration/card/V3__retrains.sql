-- Which runs train the version of another one again.
CREATE TABLE retrains (
  run_id text PRIMARY KEY,
  parent_run_id text NOT NULL
);
CREATE INDEX retrains_of_run ON retrains (parent_run_id);
