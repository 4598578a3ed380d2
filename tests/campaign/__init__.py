"""A campaign against the promises of runs: thousands of random kills, corruptions, hostile folders and inputs."""
