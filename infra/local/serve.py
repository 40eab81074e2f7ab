"""`make serve`: the whole product on this machine. In: PORT. Out: the page, the API and a real S3, until Ctrl-C.

The web server takes PORT; SeaweedFS takes the nine ports after it. Data and credentials live in .local/, outside git.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from pathlib import Path

import uvicorn

from functions.http.app import create_app
from functions.http.service import Service
from functions.http.settings import Settings, SettingsError
from infra.local.seaweed import HOST, Seaweed, SeaweedError, ports_of, taken
from sambert.errors import SpeechError

ROOT = Path(__file__).resolve().parents[2]
BUCKET = "sambert-audio"


def main() -> int:
    """Exit status 0 after Ctrl-C, 1 if something is in the way (and says what)."""
    try:
        port = int(os.environ.get("PORT") or 8000)
    except ValueError:
        port = 0
    if not 1024 <= port <= 50000:
        return _complain("PORT must be 1024 to 50000", "PORT 应在 1024 到 50000 之间")
    busy = taken([port, *ports_of(port + 1)])
    if busy:
        shown = ", ".join(map(str, busy))
        return _complain(
            f"port {shown} is taken; choose another block of ten: make serve PORT={port + 100}",
            f"端口 {shown} 已被占用，请换一个：make serve PORT={port + 100}",
        )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with Seaweed(ROOT / ".local" / f"s3-{port + 1}", port + 1) as s3:
            _serve(s3, port)
    except SeaweedError as error:
        return _complain(str(error), "本地 S3 没有启动成功，详情见上")
    except (SettingsError, SpeechError) as error:
        return _complain(str(error), "配置或音色有问题，详情见上")
    except KeyboardInterrupt:
        pass
    print("\nstopped / 已停止")
    return 0


def _serve(s3: Seaweed, port: int) -> None:
    started = time.perf_counter()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("botocore").setLevel(logging.WARNING)
    cpus = str(os.cpu_count() or 1)
    chosen = {"SAMBERT_BUCKET": BUCKET, "SAMBERT_SLOTS": cpus, "SAMBERT_THREADS": cpus}
    os.environ.update({**chosen, **{k: v for k, v in os.environ.items() if k.startswith("SAMBERT_")}, **s3.environment()})
    settings = Settings.from_env()
    s3.prepare(settings.bucket, settings.object_days)
    service = Service(settings)
    service.warm_up()
    print(f"ready in {time.perf_counter() - started:.1f} s / 已就绪：http://{HOST}:{port}   (Ctrl-C to stop / 停止)", flush=True)
    uvicorn.run(create_app(service), host=HOST, port=port, log_level="warning")


def _complain(english: str, chinese: str) -> int:
    print(f"make serve: {english}\n{chinese}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
