"""``nnsize importances``, and the tables of importances that are exported."""

import csv
import io
import json
from pathlib import Path

import pytest

from nnsize_engine.charts.importances_of import importances_of
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import SizeView
from support.commands import nnsize
from support.made_runs import AUTO, GRID, LAYERED, SMALL, made_evolution, made_run
