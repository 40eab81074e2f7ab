"""serverless.yml packaged as `osls deploy` would, offline: no Docker, no AWS account, no login."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
# An image that is in a registry already needs no building.
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/sambert-lambda@sha256:" + "0123456789abcdef" * 4


@pytest.fixture(scope="session")
def osls() -> Path:
    """The deployment tool of package-lock.json, installed if it is not there yet."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("Node.js and npm are not installed")
    tool = ROOT / "node_modules" / "osls"
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]["node_modules/osls"]["version"]
    (ROOT / ".local").mkdir(exist_ok=True)
    with (ROOT / ".local" / "npm.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # npm empties the folder first: two test runs at once would break each other
        if not (tool / "package.json").is_file() or json.loads((tool / "package.json").read_text())["version"] != locked:
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"npm ci failed: {done.stderr[-300:]}")
    return tool / "bin" / "serverless.js"


@pytest.fixture(scope="session")
def run_osls(osls) -> Callable[..., str]:
    """run_osls("package", "--package", folder, memory=…) → what it prints; keywords become parameters."""

    def run(*command: str, **parameters: Any) -> str:
        options = [f"--param={name}={value}" for name, value in {"image": IMAGE, **parameters}.items()]
        # Nothing may depend on whose machine this is: no credentials, no region, no profile.
        env = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")} | {"SLS_TELEMETRY_DISABLED": "1"}
        done = subprocess.run(["node", osls, *command, *options], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Warning" not in done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def package(run_osls, tmp_path_factory) -> Callable[..., Path]:
    """package(corsOrigins="…", …) → the path of the CloudFormation template for these parameters."""

    def run(**parameters: Any) -> Path:
        folder = tmp_path_factory.mktemp("package")
        run_osls("package", "--package", str(folder), **parameters)
        return folder / "cloudformation-template-update-stack.json"

    return run


@pytest.fixture(scope="session")
def packaged(package) -> Path:
    """With the defaults."""
    return package()


@pytest.fixture(scope="session")
def template(packaged) -> dict[str, Any]:
    return json.loads(packaged.read_text())
