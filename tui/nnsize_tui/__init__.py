"""The showing half of nnsize: the explorer and the command line. Computes nothing."""
