"""What the screens are made of. A widget draws and posts messages; it reads no file."""
