-- Every judged window, with the position behind which the next one begins.
CREATE TABLE monitored_windows (
  model_id text NOT NULL,
  version text NOT NULL,
  kind text NOT NULL,
  position bigint NOT NULL,
  after_arrived bigint NOT NULL,
  up_to_arrived bigint NOT NULL,
  predictions integer NOT NULL,
  report jsonb NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (model_id, version, kind, position)
);
-- When something was last told, so that it is not told again at once.
CREATE TABLE told (
  model_id text NOT NULL,
  version text NOT NULL,
  what text NOT NULL,
  severity text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (model_id, version, what)
);
-- Messages that follow from rows of the same transaction, until the broker has them.
CREATE TABLE outbox (
  id bigserial PRIMARY KEY,
  topic text NOT NULL,
  key text NOT NULL,
  content jsonb NOT NULL
);
CREATE TABLE confirmed_drifts (
  id text PRIMARY KEY,
  content jsonb NOT NULL,
  at timestamptz NOT NULL,
  answered boolean NOT NULL DEFAULT false
);
CREATE INDEX confirmed_drifts_unanswered ON confirmed_drifts (at) WHERE NOT answered;
