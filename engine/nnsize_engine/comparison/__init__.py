"""Several runs beside each other: results, settings that differ, and what may be compared."""
