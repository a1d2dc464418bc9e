-- One run at a time holds a correlation id, however many replicas take its repetitions at once.
CREATE TABLE correlations (
  correlation_id text PRIMARY KEY,
  run_id text NOT NULL,
  request_digest text NOT NULL,
  claimed_at timestamptz NOT NULL
);
INSERT INTO correlations (correlation_id, run_id, request_digest, claimed_at)
  SELECT DISTINCT ON (correlation_id) correlation_id, run_id, request_digest, claimed_at
  FROM claims
  WHERE correlation_id IS NOT NULL AND claimed_at > now() - interval '24 hours'
  ORDER BY correlation_id, claimed_at, run_id;
ALTER TABLE claims DROP COLUMN correlation_id, DROP COLUMN request_digest;
