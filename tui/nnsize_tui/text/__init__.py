"""Facts and answers as text. Pure functions; the screens and the commands share them."""
