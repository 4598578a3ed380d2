"""Charts drawn in the terminal: describe one (`model`, `score`), show it (`widget`)."""
