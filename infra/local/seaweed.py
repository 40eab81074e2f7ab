"""A real S3 on this machine. In: a folder and a block of ports. Out: a running SeaweedFS with credentials and a bucket.

It listens on the loopback only, knows no anonymous access (credentials are made once per folder), and reports to nobody.
"""

from __future__ import annotations

import ctypes
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

HOST = "127.0.0.1"
PORTS = 9  # consecutive ones; weed also finds its admin at the last + 10000
READY_SECONDS = 60
STOP_SECONDS = 3
CORS = [{"AllowedMethods": ["GET", "HEAD"], "AllowedOrigins": ["*"], "AllowedHeaders": ["*"], "MaxAgeSeconds": 3600,
         "ExposeHeaders": ["ETag", "Accept-Ranges", "Content-Range", "Content-Length"]}]  # fmt: skip


class SeaweedError(RuntimeError):
    """The server did not come up. The message ends with the end of its log."""


class Seaweed:
    """One server process. Use as a context manager; ``credentials`` is ready before it starts."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder.resolve()
        self.port = port
        self.endpoint = f"http://{HOST}:{port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._log = self.folder / "weed.log"
        self._config = self.folder / "identity.json"
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        self.credentials = self._identity()

    def __enter__(self) -> Seaweed:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start and wait until it answers. Raises SeaweedError."""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command(),
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C is for the web server; this one is stopped after it
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        client, deadline = self.client(), time.monotonic() + READY_SECONDS
        while True:
            try:
                client.list_buckets()
                if self._has_disk():
                    return
            except (BotoCoreError, ClientError, OSError):
                pass
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                tail = self._log.read_text(errors="replace")[-1500:]
                raise SeaweedError(f"SeaweedFS did not start:\n{tail}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop it. Data written so far is safe even if it must be killed, as it must when its own shutdown hangs."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def client(self) -> Any:
        """A boto3 client with the credentials of this server."""
        return boto3.session.Session(
            aws_access_key_id=self.credentials["accessKey"],
            aws_secret_access_key=self.credentials["secretKey"],
            region_name="us-east-1",
        ).client(
            "s3",
            endpoint_url=self.endpoint,
            config=Config(s3={"addressing_style": "path"}, connect_timeout=2, read_timeout=5, retries={"mode": "standard"}),
        )

    def prepare(self, bucket: str, days: int) -> None:
        """Make the private bucket, with the same CORS and lifecycle as serverless.yml gives the real one."""
        client = self.client()
        if bucket not in {each["Name"] for each in client.list_buckets()["Buckets"]}:
            client.create_bucket(Bucket=bucket)
        client.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": CORS})
        rule = {"ID": "audio", "Status": "Enabled", "Filter": {"Prefix": "speech/"}, "Expiration": {"Days": days}}
        client.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})

    def environment(self) -> dict[str, str]:
        """What a process needs to use this server as its S3."""
        return {
            "AWS_ACCESS_KEY_ID": self.credentials["accessKey"],
            "AWS_SECRET_ACCESS_KEY": self.credentials["secretKey"],
            "AWS_SESSION_TOKEN": "",
            "AWS_REGION": "us-east-1",
            "SAMBERT_S3_ENDPOINT": self.endpoint,
        }

    def _has_disk(self) -> bool:
        """S3 answers a little before the volumes of an earlier run are known again: ask the master for them."""
        with urllib.request.urlopen(f"http://{HOST}:{self.port + 2}/dir/status", timeout=2) as answer:
            return bool(json.load(answer)["Topology"].get("DataCenters"))

    def _identity(self) -> dict[str, str]:
        """The key pair of this folder: made at random the first time, readable by its owner only."""
        if not self._config.is_file():
            pair = {"accessKey": secrets.token_hex(10), "secretKey": secrets.token_urlsafe(30)}
            identity = {"name": "local", "credentials": [pair], "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
            self._config.touch(mode=0o600)
            self._config.write_text(json.dumps({"identities": [identity]}))
        return json.loads(self._config.read_text())["identities"][0]["credentials"][0]

    def _command(self) -> list[str]:
        beside = Path(sys.executable).parent / "weed"
        weed = str(beside) if beside.is_file() else shutil.which("weed")
        if weed is None:
            raise SeaweedError("SeaweedFS is not installed: run make setup")
        s3, master, filer, volume = self.port, self.port + 2, self.port + 4, self.port + 6
        admin = self.port + 8
        return [
            weed, "mini", f"-dir={self.folder / 'data'}", f"-ip={HOST}", f"-ip.bind={HOST}",
            f"-s3.port={s3}", f"-s3.port.grpc={s3 + 1}", f"-s3.config={self._config}", "-s3.domainName=localhost",
            "-s3.autoCreateBucket=false",  # AWS does not either
            f"-master.port={master}", f"-master.port.grpc={master + 1}", "-master.telemetry=false",
            f"-filer.port={filer}", f"-filer.port.grpc={filer + 1}",
            f"-volume.port={volume}", f"-volume.port.grpc={volume + 1}", "-volume.preStopSeconds=0",
            f"-admin.port={admin}", f"-admin.port.grpc={admin + 10000}", "-admin.ui=false",
            "-webdav=false", "-s3.port.iceberg=0", "-s3.port.lance=0",
        ]  # fmt: skip


def taken(ports: range | list[int]) -> list[int]:
    """Those of the ports that something listens on already."""
    found = []
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                found.append(port)
    return found


def ports_of(port: int) -> list[int]:
    """All ports a server on ``port`` takes."""
    return [*range(port, port + PORTS), port + PORTS - 1 + 10000]


def _die_with_parent() -> None:
    """In the child: be terminated if the parent is killed, so that no server is left behind (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    if os.getppid() == 1:
        os._exit(1)
