"""Differential evolution of a network's weights: ask for trials, evaluate them, tell what they are worth."""
