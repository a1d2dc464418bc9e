-- When a row counts stands beside it. Rows from before describe the moment they were written.
ALTER TABLE online_features RENAME TO online_rows;
ALTER TABLE online_rows
  ADD COLUMN event_time timestamptz,
  ADD COLUMN known_time timestamptz,
  ADD COLUMN time_to_live_days integer;
UPDATE online_rows SET event_time = written_at, known_time = written_at;
ALTER TABLE online_rows ALTER COLUMN event_time SET NOT NULL, ALTER COLUMN known_time SET NOT NULL;

-- What feature.views.v1 holds; filled again from there if it is lost.
CREATE TABLE feature_views (
  project text NOT NULL,
  name text NOT NULL,
  version text NOT NULL,
  content jsonb NOT NULL,
  PRIMARY KEY (project, name, version)
);

-- Which rows of other projects' views belong to the rows of (view, digest).
CREATE TABLE online_imports (
  view text NOT NULL,
  digest text NOT NULL,
  position integer NOT NULL,
  version text NOT NULL,
  source_project text NOT NULL,
  source_view text NOT NULL,
  source_version text NOT NULL,
  source_digest text NOT NULL,
  columns jsonb NOT NULL,
  PRIMARY KEY (view, digest, position)
);
CREATE INDEX online_imports_source ON online_imports (source_project, source_view);

CREATE TABLE online_import_keys (
  view text NOT NULL,
  digest text NOT NULL,
  position integer NOT NULL,
  entity_key text NOT NULL,
  source_key text NOT NULL,
  PRIMARY KEY (view, digest, position, entity_key)
);

-- The rule of the offline table: known, and not older than its time to live.
CREATE FUNCTION counts_at(event_time timestamptz, known_time timestamptz, days integer, moment timestamptz)
RETURNS boolean LANGUAGE sql IMMUTABLE AS
  'SELECT event_time <= moment AND known_time <= moment
     AND (days IS NULL OR moment - event_time <= days * interval ''24 hours'')';

-- What is read: a project's own row, with what it imports of the rows that others keep.
CREATE VIEW online_features AS
SELECT o.view, o.digest, o.entity_key,
  o.features || coalesce((
    SELECT jsonb_object_agg(c.key, coalesce(s.features -> c.value, 'null'::jsonb))
    FROM far.online_imports i
    CROSS JOIN LATERAL jsonb_each_text(i.columns) AS c(key, value)
    LEFT JOIN far.online_import_keys k
      ON k.view = i.view AND k.digest = i.digest AND k.position = i.position AND k.entity_key = o.entity_key
    LEFT JOIN far.online_rows s
      ON s.view = i.source_project AND s.digest = i.source_digest AND s.entity_key = k.source_key
      AND far.counts_at(s.event_time, s.known_time, s.time_to_live_days, now())
    WHERE i.view = o.view AND i.digest = o.digest), '{}'::jsonb) AS features,
  o.written_at
FROM far.online_rows o
WHERE far.counts_at(o.event_time, o.known_time, o.time_to_live_days, now());
