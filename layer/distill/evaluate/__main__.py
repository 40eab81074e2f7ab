"""``python -m sambert_distill.evaluate PACK``. In: the command line. Out: the table that ``run`` prints."""

from sambert_distill.evaluate import main

raise SystemExit(main())
