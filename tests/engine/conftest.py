"""Fixtures of every test of the engine."""

from support.engine_fixtures import machine, quick_products

__all__ = ["machine", "quick_products"]
