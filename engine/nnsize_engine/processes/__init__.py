"""Parallel work, and the identity, memory and processor use of processes."""
