"""The terminal: driver, send budget, glyphs, themes, keys."""
