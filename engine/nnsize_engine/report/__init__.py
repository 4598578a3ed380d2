"""Reports of runs for others: one HTML file, readable anywhere."""

from nnsize_engine.report.html_file import write_report as write_report
