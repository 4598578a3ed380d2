"""The computing half of nnsize: searches neuron counts and stores what it finds. Needs no terminal."""

__version__ = "0.1.0"
