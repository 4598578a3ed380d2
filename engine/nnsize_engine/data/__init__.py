"""The user's own tables and the built-in ones: read, inspected, encoded, split."""
