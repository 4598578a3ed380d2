"""The answer of a run, or of several compared ones, in words."""
