"""How clean it sounds, by a model. In: samples at 16 kHz. Out: DNSMOS OVRL (1..5). Not made for Mandarin: compare only."""

from __future__ import annotations

import numpy as np


def dnsmos(samples: np.ndarray) -> float:
    from speechmos import dnsmos as model

    return float(model.run(np.clip(samples, -1, 1).astype(np.float32), 16000)["ovrl_mos"])
