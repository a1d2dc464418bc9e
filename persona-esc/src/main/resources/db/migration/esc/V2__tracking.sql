CREATE TABLE tracking (
    run_id TEXT NOT NULL,
    attempt INT NOT NULL,
    -- What the attempt delivered: it names the journal and all that the journal names.
    deliverable JSON NOT NULL,
    tracked BOOLEAN NOT NULL DEFAULT false,
    tries INT NOT NULL DEFAULT 0,
    next_try TIMESTAMPTZ NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (run_id, attempt)
);

CREATE TABLE scheduled_tasks (
    task_name TEXT NOT NULL,
    task_instance TEXT NOT NULL,
    task_data BYTEA,
    execution_time TIMESTAMPTZ NOT NULL,
    picked BOOLEAN NOT NULL,
    picked_by TEXT,
    last_success TIMESTAMPTZ,
    last_failure TIMESTAMPTZ,
    consecutive_failures INT,
    last_heartbeat TIMESTAMPTZ,
    version BIGINT NOT NULL,
    priority SMALLINT,
    state TEXT,
    PRIMARY KEY (task_name, task_instance)
);
