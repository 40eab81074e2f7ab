"""Scores a voice. In: a voice pack (or audio with its texts). Out: error rates, quality, emotions, artefacts, as a table."""
