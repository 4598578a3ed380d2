"""The screen of one evolution."""
