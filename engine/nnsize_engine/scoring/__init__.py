"""Scores of a trained network by scikit-learn's scoring names."""
