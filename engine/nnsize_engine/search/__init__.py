"""The size search: folds, fits, candidates, the final test."""
