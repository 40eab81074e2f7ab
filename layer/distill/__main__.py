"""``python -m sambert_distill CONFIG``. In: the command line. Out: what ``run`` does."""

from sambert_distill.run import main

raise SystemExit(main())
