"""Latin letters by their names, in Chinese syllables: what any voice can say. In: a word. Out: syllables a letter."""

NAMES = {
    "a": "ei1", "b": "bi4", "c": "xi1", "d": "di4", "e": "yi4", "f": "ai2 fu5", "g": "ji4", "h": "ei2 chi5", "i": "ai4", "j": "zhei4",
    "k": "kei4", "l": "ai2 lou5", "m": "ai2 mu5", "n": "en1", "o": "ou1", "p": "pi4", "q": "kou1", "r": "a4 er5", "s": "ai2 si5",
    "t": "ti4", "u": "you1", "v": "wei1", "w": "da2 bu5 liu5", "x": "ai2 ke5 si5", "y": "wai4", "z": "zei4",
}  # fmt: skip


def spell(word: str) -> list[tuple[int, list[str]]]:
    """(index of the letter, its syllables) for each letter of ``word``."""
    return [(at, NAMES[letter].split()) for at, letter in enumerate(word.lower()) if letter in NAMES]
