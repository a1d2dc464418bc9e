-- Every transition is announced, not only the latest of a deployment.
ALTER TABLE transitions ADD COLUMN announced boolean NOT NULL DEFAULT true;
UPDATE transitions SET announced = false
  WHERE id IN (SELECT max(t.id) FROM transitions t JOIN deployments d USING (run_id)
               WHERE NOT d.announced GROUP BY t.run_id);
ALTER TABLE transitions ALTER COLUMN announced SET DEFAULT false;
ALTER TABLE deployments DROP COLUMN announced;
CREATE INDEX transitions_unannounced ON transitions (id) WHERE NOT announced;
