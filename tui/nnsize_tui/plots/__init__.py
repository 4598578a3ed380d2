"""Charts made from views of runs."""
