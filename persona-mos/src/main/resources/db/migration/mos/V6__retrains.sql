-- Every order to train a model again, followed or refused; one for each decision.
CREATE TABLE retrains (
  decision_id text PRIMARY KEY,
  model_id text NOT NULL,
  parent_run_id text,
  parent_version text,
  reason text NOT NULL,
  statistics jsonb NOT NULL,
  run_id text NOT NULL UNIQUE,
  -- Claimed when the rows suffice: an order that never gets so far uses up no version.
  version text,
  state text NOT NULL,
  code text,
  note text NOT NULL DEFAULT '',
  handoff jsonb,
  announced boolean NOT NULL DEFAULT true,
  ordered_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  UNIQUE (model_id, version)
);
CREATE INDEX retrains_unannounced ON retrains (changed_at) WHERE NOT announced;
