"""A small sample of the fuzz that ``fuzz.py`` runs by the million: no text and no document breaks the front end."""

from __future__ import annotations

import pytest

from sambert.errors import CODES
from tests.frontend.fuzz import VOICES, check, request

SAMPLE = 120  # of each voice


@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: f"{voice.prosody}-{len(voice.phones)}")
def test_random_strings_and_mutated_documents(voice):
    outcomes = [check(request(number), voice) for number in range(SAMPLE)]
    assert set(outcomes) <= {"spoken", *CODES} and outcomes.count("spoken") > SAMPLE // 4
