CREATE TABLE claims (
  run_id text PRIMARY KEY,
  model_id text NOT NULL,
  major integer NOT NULL,
  correlation_id text,
  request_digest text NOT NULL,
  claimed_at timestamptz NOT NULL,
  UNIQUE (model_id, major)
);
CREATE INDEX claims_correlation ON claims (correlation_id) WHERE correlation_id IS NOT NULL;
