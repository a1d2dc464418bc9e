CREATE TABLE online_features (
  view text NOT NULL,
  digest text NOT NULL,
  entity_key text NOT NULL,
  features jsonb NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (view, digest, entity_key)
);
