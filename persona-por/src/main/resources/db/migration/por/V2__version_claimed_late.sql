-- A run is registered when it is taken and gets its version when its data has passed the checks.
ALTER TABLE claims ALTER COLUMN major DROP NOT NULL;
