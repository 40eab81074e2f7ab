"""Send event files to the function under the emulator, one environment for all of them.

In: paths of JSON events; the function's settings in the environment (SAMBERT_BUCKET, …). Out: the answers, as JSON lines.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from infra.lambda_local import FunctionError, LambdaFunction


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.lambda_local", description=__doc__.splitlines()[0])
    parser.add_argument("events", nargs="+", type=Path, metavar="EVENT.json")
    parser.add_argument("--handler", default="functions.http.handler.handler")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, LambdaFunction(arguments.handler, os.environ, Path(folder)) as function:
        status = 0
        for path in arguments.events:
            try:
                print(json.dumps(function.invoke(json.loads(path.read_text())), ensure_ascii=False), flush=True)
            except FunctionError as error:
                status = 1
                print(json.dumps(error.error, ensure_ascii=False), flush=True)
        print(function.logs(), file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
