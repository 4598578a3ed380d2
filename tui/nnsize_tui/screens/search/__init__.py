"""The screen of one size search."""
