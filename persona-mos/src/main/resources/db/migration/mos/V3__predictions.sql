-- What predictions.v1 and prediction.labels.v1 said, with the position up to which they were read.
CREATE TABLE predictions (
  prediction_id text PRIMARY KEY,
  model_id text NOT NULL,
  version text NOT NULL,
  arm text NOT NULL,
  entity_key_hash text,
  features jsonb NOT NULL,
  probability double precision NOT NULL,
  decision boolean NOT NULL,
  latency_ms double precision,
  failed_version text,
  replay boolean NOT NULL,
  predicted_at timestamptz NOT NULL,
  outcome boolean,
  outcome_at timestamptz,
  -- Rises in the order in which rows became visible: one transaction at a time writes here.
  arrived bigserial NOT NULL,
  -- The same for their outcomes.
  labelled bigint
);
CREATE INDEX predictions_by_arrival ON predictions (model_id, version, arrived);
CREATE INDEX predictions_by_label ON predictions (model_id, version, labelled) WHERE labelled IS NOT NULL;
CREATE INDEX predictions_by_failure ON predictions (model_id, failed_version, arrived) WHERE failed_version IS NOT NULL;
CREATE INDEX predictions_by_age ON predictions USING brin (predicted_at);
CREATE SEQUENCE prediction_labels OWNED BY predictions.labelled;
CREATE TABLE waiting_labels (
  prediction_id text PRIMARY KEY,
  outcome boolean NOT NULL,
  outcome_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL
);
CREATE TABLE feed_positions (
  topic text NOT NULL,
  partition integer NOT NULL,
  next_offset bigint NOT NULL,
  PRIMARY KEY (topic, partition)
);
