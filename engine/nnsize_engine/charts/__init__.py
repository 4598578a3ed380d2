"""What charts show, described as frozen values that are made from results."""
