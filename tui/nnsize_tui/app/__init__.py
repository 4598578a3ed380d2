"""The explorer as a whole: keys, commands, configuration, notifications."""
