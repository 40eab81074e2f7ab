"""``python -m sambert.cli``, the same as the ``sambert`` command. In: argv. Out: an exit status."""

import sys

from sambert.cli.main import main

sys.exit(main())
