"""Fixtures of every test of the engine."""

from support.engine_fixtures import quick_products

__all__ = ["quick_products"]
