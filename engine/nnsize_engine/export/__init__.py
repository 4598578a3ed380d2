"""Results to take home: tables, networks, programs, pictures."""
