"""The widgets of the screens. A widget draws and posts messages; it reads no file."""
