"""A run on disk: database, reader, writer, control file, launch."""
