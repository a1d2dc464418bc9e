-- One row a run that waits, or waited, for a human. The first decision fills it; decided_by is the
-- position of the record that it came in.
CREATE TABLE parked_runs (
  run_id text PRIMARY KEY,
  handoff jsonb NOT NULL,
  output jsonb NOT NULL,
  parked_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  expiry_sent_at timestamptz,
  decision jsonb,
  decided_by text,
  decided_at timestamptz
);
CREATE INDEX waiting_runs ON parked_runs (expires_at) WHERE decision IS NULL;
CREATE TABLE scheduled_tasks (
  task_name text NOT NULL,
  task_instance text NOT NULL,
  task_data bytea,
  execution_time timestamp with time zone NOT NULL,
  picked boolean NOT NULL,
  picked_by text,
  last_success timestamp with time zone,
  last_failure timestamp with time zone,
  consecutive_failures integer,
  last_heartbeat timestamp with time zone,
  version bigint NOT NULL,
  priority smallint,
  state text,
  PRIMARY KEY (task_name, task_instance)
);
