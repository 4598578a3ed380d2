"""Runs on the workers of a Dask cluster. No other folder imports Dask."""
