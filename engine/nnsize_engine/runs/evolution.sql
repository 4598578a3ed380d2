-- What a run holds of an evolution. A number that is not finite is stored as NULL.

CREATE TABLE IF NOT EXISTS generation (  -- facts, written once
    number INTEGER PRIMARY KEY,     -- 0: the first population
    best REAL,
    mean REAL,
    std REAL,
    train REAL,
    held_out REAL,
    diversity REAL NOT NULL,
    accepted INTEGER NOT NULL,
    mutation REAL,
    recombination REAL,
    members INTEGER NOT NULL,
    evaluations INTEGER NOT NULL,
    seconds REAL NOT NULL,
    elapsed REAL NOT NULL,
    restarts INTEGER NOT NULL,
    low REAL,                       -- ends of the histogram of the members' fitness
    high REAL,
    counts BLOB NOT NULL,           -- members in each of its equal parts, uint32, little-endian
    step_size REAL,                 -- of a family, in units of the Glorot limit
    temperature REAL                -- of annealing
);

CREATE TABLE IF NOT EXISTS evaluating (  -- at most one row: the generation under way, as of a moment ago
    generation INTEGER NOT NULL,
    members_done INTEGER NOT NULL,
    members INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS series_generation (  -- of a run that compares strategies, as in generation
    series INTEGER NOT NULL,        -- number in the order of computing
    number INTEGER NOT NULL,
    best REAL,
    mean REAL,
    std REAL,
    train REAL,
    held_out REAL,
    diversity REAL NOT NULL,
    accepted INTEGER NOT NULL,
    mutation REAL,
    recombination REAL,
    members INTEGER NOT NULL,
    evaluations INTEGER NOT NULL,
    seconds REAL NOT NULL,
    elapsed REAL NOT NULL,
    restarts INTEGER NOT NULL,
    low REAL,
    high REAL,
    counts BLOB NOT NULL,
    step_size REAL,
    temperature REAL,
    PRIMARY KEY (series, number)
);

CREATE TABLE IF NOT EXISTS series_result (  -- of a series that is over
    series INTEGER PRIMARY KEY,
    reason TEXT NOT NULL,           -- why it ended
    value REAL,                     -- fitness by which series are compared: on held-out rows, if there are any
    scores TEXT NOT NULL            -- JSON: as in network_scores
);

CREATE TABLE IF NOT EXISTS network_scores (
    name TEXT PRIMARY KEY NOT NULL, -- 'evolved', 'gradient' or 'quantized'
    fitness REAL,
    held_out REAL,
    train_score REAL,
    test_score REAL,
    train_loss REAL,
    test_loss REAL,
    seconds REAL NOT NULL,
    steps INTEGER NOT NULL,
    error TEXT,
    test_fitness REAL,              -- missing until version 2
    objective REAL                  -- fitness with weight decay; missing until version 2
);

CREATE TABLE IF NOT EXISTS network (  -- a row like its scores; apart from them, since a look needs no weights
    name TEXT PRIMARY KEY NOT NULL, -- until version 2 also 'best', of a search
    steps INTEGER NOT NULL,
    weights BLOB NOT NULL,          -- float64, little-endian
    facts TEXT NOT NULL             -- JSON: all else that it takes to predict
);

CREATE TABLE IF NOT EXISTS encoder (  -- at most one row: how rows of the user's own table become inputs of its networks
    content BLOB NOT NULL           -- a fitted scikit-learn ColumnTransformer, as skops writes it
);
