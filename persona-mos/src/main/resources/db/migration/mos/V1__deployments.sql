CREATE TABLE deployments (
  run_id text PRIMARY KEY,
  model_id text NOT NULL,
  version text NOT NULL,
  state text NOT NULL,
  step integer NOT NULL,
  handoff jsonb NOT NULL,
  reason text NOT NULL DEFAULT '',
  announced boolean NOT NULL DEFAULT true,
  staged_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE TABLE routes (
  model_id text PRIMARY KEY,
  revision bigint NOT NULL,
  content jsonb NOT NULL
);
CREATE TABLE transitions (
  id bigserial PRIMARY KEY,
  run_id text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  revision bigint NOT NULL,
  reason text NOT NULL,
  at timestamptz NOT NULL
);
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
