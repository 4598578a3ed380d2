"""Fixtures of whole stories, which use both the engine and the explorer."""

from support.engine_fixtures import quick_products
from support.explorer_fixtures import (
    asked,
    explorer,
    home,
    no_questions,
    no_use_of_the_machine,
    notices_that_stay,
    patient_pilot,
    table,
)

__all__ = [
    "asked",
    "explorer",
    "home",
    "no_questions",
    "no_use_of_the_machine",
    "notices_that_stay",
    "patient_pilot",
    "quick_products",
    "table",
]
