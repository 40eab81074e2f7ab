"""What the HTTP tests share: a client, and requests that no other test has made."""

from __future__ import annotations

import itertools

import httpx
import pytest

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def client(api):
    with httpx.Client(base_url=api, timeout=60) as client:
        yield client


@pytest.fixture
def fresh() -> str:
    """A short sentence that is not in the bucket yet."""
    digits = "零一二三四五六七八九"
    return "第" + "".join(digits[int(d)] for d in str(next(_numbers))) + "句话。"
