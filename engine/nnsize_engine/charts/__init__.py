"""Charts, described as frozen values that are made from results."""
