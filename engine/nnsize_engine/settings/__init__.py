"""Frozen settings of runs, checked when they are made."""
