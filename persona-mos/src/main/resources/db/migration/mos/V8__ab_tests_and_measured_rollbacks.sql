CREATE TABLE ab_tests (
  test_id text PRIMARY KEY,
  model_id text NOT NULL,
  plan jsonb NOT NULL,
  state text NOT NULL,
  started_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  ended_at timestamptz,
  result jsonb,
  -- Whether what follows from the latest change, route and event, was sent.
  announced boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX one_ab_test_of_a_model ON ab_tests (model_id) WHERE state = 'RUNNING';
-- Time from the decision of a rollback to the last request that the version answered.
ALTER TABLE transitions ADD COLUMN stopped_after_ms bigint;
ALTER TABLE transitions ADD COLUMN stop_announced boolean NOT NULL DEFAULT false;
