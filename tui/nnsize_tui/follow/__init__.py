"""Threads that read run folders and post changes as messages."""
