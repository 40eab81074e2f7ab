"""Tests that need torch; they run in .venv-build. The helpers beside them are imported by name."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
