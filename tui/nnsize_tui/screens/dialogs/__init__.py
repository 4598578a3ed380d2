"""Dialogs: questions, lists, help, files."""
