"""Example runs that come with the package: real runs, recorded once, that open without computing."""
