"""Frozen settings of runs, checked once when made."""
