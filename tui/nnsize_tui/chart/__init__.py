"""Charts drawn in the terminal; the engine describes them."""
