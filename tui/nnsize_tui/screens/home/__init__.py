"""The home screen: all runs."""
