"""A run's settings as a TOML file, and a user's defaults."""
