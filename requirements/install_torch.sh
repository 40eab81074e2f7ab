#!/bin/sh
# In: a Python (argument 1). Out: torch 2.13.0 for the CPU in its environment; nothing is done if it is there already.
# Plain `pip install torch` on Linux brings gigabytes of CUDA. So: first a wheel from pip's configured find-links,
# then PyTorch's own CPU index. Its dependencies come from requirements/build.txt, hence --no-deps.
set -eu
python=$1
version=2.13.0
if "$python" -c "import importlib.metadata as m, sys; sys.exit(m.version('torch').split('+')[0] != '$version')" 2>/dev/null; then
    exit 0
fi
"$python" -m pip install -q --no-index --no-deps "torch==$version" 2>/dev/null ||
    "$python" -m pip install -q --no-deps --index-url https://download.pytorch.org/whl/cpu "torch==$version" || {
    echo "torch $version (CPU) could not be installed: no wheel for this Python in pip's find-links," >&2
    echo "and https://download.pytorch.org/whl/cpu is out of reach. Try make setup-build PYTHON=python3.11" >&2
    exit 1
}
