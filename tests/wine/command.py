"""Runs under wine: the agent's command line, as it stands in this tree."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from agent.cli import main

sys.exit(main())
