-- One run. Version 1 had nothing of evolution.sql; version 2 had no final_network, no reference, no score and no
-- checksum. Run also on a run of an earlier version before it is written, so that each statement makes only what is
-- missing; a change of a table that is there adds a step in schema.py, and every version a saved run under
-- tests/saved_runs/.

CREATE TABLE IF NOT EXISTS run (              -- one row
    id TEXT NOT NULL,
    kind TEXT NOT NULL,         -- 'size', 'evolution' or 'watched'
    created REAL NOT NULL,      -- every time: seconds since 1970, UTC
    settings TEXT NOT NULL,     -- JSON
    state TEXT NOT NULL,
    reason TEXT,                -- why it failed, was refused or stopped
    total INTEGER NOT NULL,     -- fits of the whole search, or the most generations
    workers INTEGER,            -- fits or threads at a time, once known
    active_seconds REAL NOT NULL DEFAULT 0,  -- time a runner worked on it, pauses left out
    data TEXT,                  -- JSON: what the data was, once loaded
    versions TEXT,              -- JSON: the libraries that computed
    checksum INTEGER            -- of every fact: see checksums.py; NULL until version 2
);

CREATE TABLE IF NOT EXISTS stored (           -- one row: how much must be there
    commits INTEGER NOT NULL,   -- of all writers; the file "commits" beside this one must not know of more
    counts TEXT NOT NULL,       -- JSON: rows of each table, as of a few seconds ago
    has_unsigned INTEGER NOT NULL,  -- 1: the run began with a version that stored no checksums
    checksum INTEGER
);

CREATE TABLE IF NOT EXISTS runner (           -- one row: the process that works on the run, or the last one that did
    pid INTEGER NOT NULL,
    process_start TEXT NOT NULL,  -- tells it from a later process of the same number
    host TEXT NOT NULL,
    heartbeat REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS fit (              -- facts, written once
    number INTEGER PRIMARY KEY, -- rising: a reader asks for what is above the last it has seen
    candidate INTEGER NOT NULL,
    fold INTEGER NOT NULL,
    test_score REAL,            -- NULL when the fit failed
    train_score REAL,
    fit_seconds REAL NOT NULL,
    score_seconds REAL NOT NULL,
    iterations INTEGER,
    has_converged INTEGER,
    error TEXT,
    loss_curve BLOB,            -- training loss by epoch, float64, little-endian; NULL when there is none
    curve_checksum INTEGER,     -- of the loss curve, which is a fact of its own
    checksum INTEGER,
    UNIQUE (candidate, fold)
);

CREATE TABLE IF NOT EXISTS under_way (        -- the fits being trained, as of a moment ago
    candidate INTEGER NOT NULL,
    fold INTEGER NOT NULL,
    epochs INTEGER NOT NULL,
    loss REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS unfinished (       -- trainings left by a stop, or kept in the middle of a long one, to go on with
    candidate INTEGER NOT NULL,
    fold INTEGER NOT NULL,
    seconds REAL NOT NULL,
    state BLOB NOT NULL,        -- .npz
    checksum INTEGER,
    PRIMARY KEY (candidate, fold)
);

CREATE TABLE IF NOT EXISTS final_test (       -- at most one row a candidate; until version 2 the best alone
    candidate INTEGER NOT NULL,
    test_score REAL,            -- NULL when it failed, and without test rows
    train_score REAL,
    fit_seconds REAL NOT NULL,
    iterations INTEGER,
    error TEXT,
    checksum INTEGER
);

CREATE TABLE IF NOT EXISTS final_network (    -- the networks of final tests; apart from them, since a look needs no weights
    candidate INTEGER PRIMARY KEY,
    steps INTEGER NOT NULL,
    weights BLOB NOT NULL,      -- float64, little-endian
    facts TEXT NOT NULL,        -- JSON: all else that it takes to predict
    checksum INTEGER
);

CREATE TABLE IF NOT EXISTS reference (        -- simple models on the same folds: facts, written once
    name TEXT NOT NULL,         -- 'dummy', 'linear' or 'trees'
    fold INTEGER NOT NULL,
    test_score REAL,            -- NULL when it failed
    train_score REAL,
    fit_seconds REAL NOT NULL,
    score_seconds REAL NOT NULL,
    error TEXT,
    checksum INTEGER,
    UNIQUE (name, fold)
);

CREATE TABLE IF NOT EXISTS score (            -- scores by the further scorings, written with their fit or final test
    candidate INTEGER NOT NULL,
    fold INTEGER,               -- NULL for the final test
    name TEXT NOT NULL,         -- of the scoring
    test REAL,                  -- NULL when it failed, and without test rows
    train REAL,                 -- NULL when it failed
    error TEXT,
    checksum INTEGER,
    UNIQUE (candidate, fold, name)
);

CREATE TABLE IF NOT EXISTS reference_score (  -- the same of the references
    reference TEXT NOT NULL,
    fold INTEGER NOT NULL,
    name TEXT NOT NULL,
    test REAL,
    train REAL,
    error TEXT,
    checksum INTEGER,
    UNIQUE (reference, fold, name)
);

CREATE TABLE IF NOT EXISTS watched_candidate (  -- of a search of scikit-learn that is watched; its fits are in fit and score
    number INTEGER PRIMARY KEY, -- the row of cv_results_
    parameters TEXT NOT NULL,   -- JSON: numbers, truth values and texts by name; other values as text
    iteration INTEGER,          -- of a halving search
    resources INTEGER,          -- that each of its fits gets in a halving search
    is_chosen INTEGER NOT NULL, -- 1: the search ended, and this is its best_index_
    checksum INTEGER
);

CREATE TABLE IF NOT EXISTS cluster (          -- at most one row: the cluster that computes, as of a moment ago
    where_text TEXT NOT NULL,   -- as the user named it
    waiting INTEGER NOT NULL,   -- tasks that no worker has begun
    rate REAL NOT NULL,         -- tasks finished a second, over the last minute
    bytes_sent INTEGER NOT NULL,
    waits_for TEXT NOT NULL     -- what the run waits for; empty while it computes
);

CREATE TABLE IF NOT EXISTS cluster_worker (   -- its workers, as of a moment ago
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    threads INTEGER NOT NULL,
    fits_done INTEGER NOT NULL,
    busy_with TEXT NOT NULL,    -- empty while it waits
    memory INTEGER NOT NULL,    -- bytes
    memory_limit INTEGER NOT NULL,  -- 0 for none
    last_seen REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS log (
    number INTEGER PRIMARY KEY,
    time REAL NOT NULL,
    level TEXT NOT NULL,
    text TEXT NOT NULL
);
