"""The engine of nnsize: it searches, evolves, stores and exports without a terminal."""

__version__ = "0.1.0"
