CREATE TABLE trial_results (
    run_id TEXT NOT NULL,
    attempt INT NOT NULL,
    trial_id TEXT NOT NULL,
    round INT NOT NULL,
    -- The message as it came: json, not jsonb, keeps every digit of its numbers.
    result JSON NOT NULL,
    PRIMARY KEY (run_id, attempt, trial_id)
);

CREATE TABLE trial_rounds (
    run_id TEXT NOT NULL,
    attempt INT NOT NULL,
    round INT NOT NULL,
    -- Topic, partition and offset of the record that completed the round.
    completed_by TEXT NOT NULL,
    PRIMARY KEY (run_id, attempt, round)
);
