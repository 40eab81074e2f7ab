"""Try a container image as Lambda would run it, under podman. In: image and base image. Out: sizes, times, memory.

Run by infra/image-local.sh. The figures are of this machine; on a busy one the processor's seconds say more than the clock's.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from infra.lambda_local.emulator import emulator_path
from infra.lambda_local.function import Environment, free_ports, lambda_env, listening
from infra.local.seaweed import Seaweed, ports_of, taken

BUCKET = "sambert-image"
MEMORY_MB = 1536
CPUS = MEMORY_MB / 1769  # Lambda's share: 1,769 MB buy one vCPU
TEXTS = ("今天天气真好。", "从前有座山，山里有座庙，庙里有个老和尚。", "二〇二六年十一月，我们去北京看了一场电影，花了四十五元。")
_EMULATOR = "/usr/local/bin/aws-lambda-rie"


def added_layers(image: str, base: str) -> list[int]:
    """Bytes of each layer that the image adds to its base, compressed with gzip as a registry keeps them."""
    inherited = len(json.loads(_podman("inspect", "--format", "{{json .RootFS.Layers}}", base)))
    with tempfile.TemporaryDirectory() as folder:
        _podman("push", "-q", "--compression-format", "gzip", image, f"oci:{folder}:image")
        blobs = Path(folder) / "blobs" / "sha256"
        index = json.loads((Path(folder) / "index.json").read_text())
        manifest = json.loads((blobs / index["manifests"][0]["digest"].removeprefix("sha256:")).read_text())
        return [layer["size"] for layer in manifest["layers"][inherited:]]


@contextlib.contextmanager
def running(image: str, env: dict[str, str], log: Path) -> Iterator[tuple[Environment, str]]:
    """The image with Lambda's limits, and the name of its container."""
    port, runtime_port = free_ports(2)
    name = f"sambert-image-{port}"
    entry = json.loads(_podman("inspect", "--format", "{{json .Config.Entrypoint}}", image))
    limits = ["--memory", f"{MEMORY_MB}m", "--memory-swap", f"{MEMORY_MB}m", "--cpus", f"{CPUS:.2f}"]
    limits += ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", "--read-only", "--tmpfs", "/tmp:size=512m"]
    settings = [option for item in env.items() for option in ("--env", "=".join(item))]
    entrypoint = json.dumps([_EMULATOR, *listening(port, runtime_port), *entry])
    command = [
        "podman", "--cgroup-manager", "cgroupfs", "--runtime", "runc", "run", "--rm", "--name", name, "--network", "host",
        "--user", "993:990", *limits, *settings, "--volume", f"{emulator_path()}:{_EMULATOR}:ro",
        "--entrypoint", entrypoint, image,
    ]  # fmt: skip
    # With --entrypoint the image's own command is not used.
    command += json.loads(_podman("inspect", "--format", "{{json .Config.Cmd}}", image))
    environment = Environment(command, port, {}, log)
    try:
        yield environment, name
    finally:
        _podman("stop", "--time", "3", name)
        environment.close()


def used(container: str) -> tuple[float, float]:
    """Of the runtime process: seconds of processor time so far, and the most resident memory it has had, in MB."""
    pid = _podman("inspect", "--format", "{{.State.Pid}}", container).strip()
    runtime = next(c for task in Path(f"/proc/{pid}/task").iterdir() for c in (task / "children").read_text().split())
    status = Path(f"/proc/{runtime}/status").read_text()
    peak_kb = int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
    user, system = Path(f"/proc/{runtime}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK"), peak_kb / 1024


def speak(environment: Environment, text: str) -> tuple[float, float]:
    """Seconds until the answer, seconds of audio. Fetches the URL; raises if anything but audio comes."""
    started = time.perf_counter()
    answer = environment.invoke(_event(text))
    waited = time.perf_counter() - started
    if answer["statusCode"] != 200:
        raise SystemExit(f"the image answered {answer}")
    body = json.loads(answer["body"])
    with urllib.request.urlopen(body["url"], timeout=10) as audio:
        if audio.headers["Content-Type"] != "audio/mpeg" or len(audio.read()) < 1000:
            raise SystemExit(f"no audio at {body['key']}")
    return waited, body["duration_ms"] / 1000


def main(image: str, base: str) -> None:
    layers = added_layers(image, base)
    print(f"added to the base, compressed: {sum(layers) / 1e6:.1f} MB ({', '.join(f'{size / 1e6:.1f}' for size in layers)})")
    port = next(p for p in range(19200, 19900, 10) if not taken(ports_of(p)))
    with tempfile.TemporaryDirectory() as folder, Seaweed(Path(folder), port) as s3:
        s3.prepare(BUCKET, 1)
        env = {**lambda_env(MEMORY_MB, 29), **s3.environment(), "SAMBERT_BUCKET": BUCKET}
        with running(image, env, Path(folder) / "function.log") as (environment, name):
            try:
                before = 0.0
                for text in TEXTS:
                    waited, audio = speak(environment, text)
                    processor, memory = used(name)
                    spent, before = processor - before, processor
                    print(f"{len(text)} characters, {audio:.2f} s of audio: {waited:.2f} s, of the processor {spent:.2f} s")
            except Exception:
                print(environment.log.read_text(), file=sys.stderr)
                raise
            print(f"init (in the first of these): {environment.init_ms / 1000:.2f} s; peak memory {memory:.0f} MB")


def _event(text: str) -> dict[str, object]:
    """The least that is an HTTP API event."""
    http = {"method": "POST", "path": "/api/tts", "sourceIp": "127.0.0.1"}
    body = json.dumps({"text": text}, ensure_ascii=False)
    headers = {"content-type": "application/json", "host": "localhost"}
    return {"version": "2.0", "rawPath": "/api/tts", "rawQueryString": "", "headers": headers, "body": body,
            "isBase64Encoded": False, "requestContext": {"http": http}}  # fmt: skip


def _podman(*arguments: str) -> str:
    return subprocess.run(["podman", *arguments], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main(*sys.argv[1:3])
