"""Where an FP voice puts its filled pauses (嗯, 啊, 呃). In: class probabilities. Out: row indexes for both back ends.

The published FP voices insert three rows (two phones and a #3) before a symbol whose likeliest class is 1, 2 or 3.
"""

from __future__ import annotations

import numpy as np

ROWS = 3  # encoder rows of one filled pause
# (phone, tone, syllable flag, word flag) of the three fillers, in class order 1..3
FILLERS = tuple(
    (
        ("g" + vowel[0], "tone5", "s_begin", "word_begin"),
        (vowel, "tone5", "s_end", "word_end"),
        ("#3", "tone_none", "s_none", "word_none"),
    )
    for vowel in ("en_c", "a_c", "e_c")
)


def insertion(probabilities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """probabilities: (S, 4), class 0 = nothing. Returns (rows, origin), both (S',).

    rows index the concatenation of the S text rows and the 9 filler rows; origin is the symbol each new row belongs to
    (an inserted row belongs to the symbol it precedes).
    """
    symbols = len(probabilities)
    rows: list[int] = []
    origin: list[int] = []
    for symbol, kind in enumerate(probabilities.argmax(axis=1)):
        if kind:
            first = symbols + ROWS * (int(kind) - 1)
            rows += range(first, first + ROWS)
            origin += [symbol] * ROWS
        rows.append(symbol)
        origin.append(symbol)
    return np.asarray(rows), np.asarray(origin)
