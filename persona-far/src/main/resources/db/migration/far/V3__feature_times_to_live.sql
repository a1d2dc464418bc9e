-- Days by feature, for those that have a time to live of their own; null where there are none.
ALTER TABLE online_rows ADD COLUMN feature_days jsonb;

-- The features with those missing that do not count any more.
CREATE FUNCTION counting(features jsonb, days jsonb, event_time timestamptz, moment timestamptz)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS
  'SELECT CASE WHEN days IS NULL THEN features ELSE features || coalesce((
     SELECT jsonb_object_agg(d.key, ''null''::jsonb) FROM jsonb_each_text(days) AS d(key, value)
     WHERE moment - event_time > d.value::integer * interval ''24 hours''), ''{}''::jsonb) END';

CREATE OR REPLACE VIEW online_features AS
SELECT o.view, o.digest, o.entity_key,
  far.counting(o.features, o.feature_days, o.event_time, now()) || coalesce((
    SELECT jsonb_object_agg(c.key, coalesce(far.counting(s.features, s.feature_days, s.event_time, now()) -> c.value, 'null'::jsonb))
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
