"""An evolution whose members are evaluated by several processes, each with a replica of the population."""
