"""Threads that read run folders and post what changed as messages."""
