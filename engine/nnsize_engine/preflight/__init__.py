"""A separate process that inspects data, estimates times and compiles ahead."""
