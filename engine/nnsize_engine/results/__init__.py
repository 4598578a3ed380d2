"""Frozen records of what a run found, and statistics over them."""
