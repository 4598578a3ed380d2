"""The screen that sets up a run."""
