"""The background process that works on one run: ``python -m nnsize_engine.runner FOLDER``."""
