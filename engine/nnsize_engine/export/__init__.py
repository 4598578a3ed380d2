"""Exports of runs: tables, networks, programs and pictures."""
