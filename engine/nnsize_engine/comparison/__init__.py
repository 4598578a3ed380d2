"""Comparison of several runs: results, and settings that differ."""
