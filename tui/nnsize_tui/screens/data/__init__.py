"""The screen that shows a table before a run."""
