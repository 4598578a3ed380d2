"""``python -m nnsize_tui``."""

import sys

from nnsize_tui.cli import main

sys.exit(main())
