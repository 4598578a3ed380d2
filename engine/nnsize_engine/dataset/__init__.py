"""The user's own tables: read, checked, encoded."""
