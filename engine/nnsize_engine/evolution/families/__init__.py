"""Families of optimizers besides differential evolution: one file each, which `registry.py` finds by name."""
