"""Makes the dictionary tables of the front end.

In: the sources of README.md (jieba's dict.txt, mozillazg's pinyin-data and phrase-pinyin-data, CC-CEDICT, the sentences that the
polyphone model is trained on, and the lists kept here).
Out, under layer/sambert/frontend/data/: arrays that `sambert.frontend.lexicon` opens memory-mapped.

    python -m sambert_build.frontend.tables SOURCES [OUT]
"""

from __future__ import annotations

import math
import os
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

import numpy as np

from sambert.frontend.lexicon import CERTAIN, LONGEST, TAGS, hash_words

from .labelled import Labelled, labelled

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "sambert" / "frontend" / "data"
RAREST = 5  # jieba counts below this are mostly noise: names of one novel, typing errors
COST_STEP = 12  # a word's cost is -ln(probability) in twelfths, so that it fits a byte
OPEN = ("-",)  # what stands in phrases.txt where no dictionary is to be believed
DENIAL = 20  # labelled sentences a phrase may be read otherwise in: one in so many (some labels are slips)
LIGHT = frozenset("子的地得了着们么吗呢吧")
_ENTRY = re.compile(r"^    '(\w+)': (\[.+\]),$", re.MULTILINE)  # of pypinyin-dict's files
_MARKED = re.compile(r"'([^']+)'")
TONE_MARKS = {"̄": "1", "́": "2", "̌": "3", "̀": "4"}


def store(path: Path, array: np.ndarray) -> None:
    """Write beside, then rename: a process that has the old table mapped goes on with it and does not die of a bus error."""
    beside = path.with_suffix(".new.npy")
    np.save(beside, array)
    os.replace(beside, path)


def plain(marked: str) -> str:
    """lǜ → lv4, de → de5, ê̄ → ei1: tone marks to a digit, ü to v."""
    tone, letters = "5", []
    for mark in unicodedata.normalize("NFD", marked.strip()):
        if mark in TONE_MARKS:
            tone = TONE_MARKS[mark]
        elif mark == "̈":
            letters[-1] = "v"
        elif mark == "̂":
            letters.append("i")
        else:
            letters.append("g" if mark == "ɡ" else mark)
    return "".join(letters) + tone


def rows(path: Path) -> Iterator[tuple[str, str]]:
    """``key: value`` lines without their comments."""
    for line in path.read_text("utf-8").splitlines():
        key, colon, value = line.split("#")[0].partition(":")
        if colon and value.strip():
            yield key.strip(), value.strip()


def character_readings(sources: Path) -> dict[str, str]:
    """One reading a character: our own choice, then the common one of the 8,105 standard characters, then the first listed."""
    chosen: dict[str, str] = {}
    for name in ("pinyin.txt", "kMandarin_8105.txt"):
        for key, value in rows(sources / "pinyin-data" / name):
            chosen[chr(int(key[2:], 16))] = plain(value.split(",")[0])
    chosen.update(rows(HERE / "characters.txt"))
    return chosen


def words(sources: Path) -> dict[str, tuple[float, str]]:
    """word → (count, tag of jieba)."""
    found: dict[str, tuple[float, str]] = {}
    for line in (sources / "jieba" / "dict.txt").read_text("utf-8").splitlines():
        word, count, tag = line.split(" ")
        if len(word) <= LONGEST and (int(count) >= RAREST or len(word) == 1):
            found[word] = (float(count), tag)
    for word, value in rows(HERE / "words.txt"):
        count, _, tag = value.partition(" ")
        if count == "-":
            found.pop(word, None)
        else:
            found[word] = (float(count), tag or "n")
    return found


def phrases(sources: Path, single: dict[str, str], known: Container[str]) -> tuple[dict[str, tuple[str, ...]], set[str]]:
    """Phrases as syllables: those that decide a polyphone or are not read as their characters; and which of them are certain.

    single: the default reading of each character; known: the segmenter's words. The polyphone model is not asked about our own
    phrases, nor about those of which both dictionaries, or the only one that has them, say what labelled sentences do not deny.
    """
    found: dict[str, tuple[str, ...]] = {}
    listed = defaultdict(list)
    for name in ("pinyin.txt", "di.txt", "overwrite.txt"):
        for key, value in rows(sources / "phrase-pinyin-data" / name):
            listed[key].append(tuple(plain(one) for one in value.split()))
    for phrase, options in listed.items():
        if len(options[-1]) == len(phrase) and 1 < len(phrase) <= LONGEST and "_" not in phrase:
            found[phrase] = tuple(map(_lexical, phrase, options[-1]))
    ours = {phrase: tuple(value.split()) for phrase, value in rows(HERE / "phrases.txt")}
    certain = {phrase: value for phrase, value in ours.items() if value != OPEN}
    second = cedict(sources, single)
    for phrase in [phrase for phrase, value in found.items() if phrase[-1] == "地" and value[-1] == "de5"]:
        stem = certain.get(phrase[:-1]) or found.get(phrase[:-1]) or second.get(phrase[:-1])
        if stem:  # the list of adverbs reads only its 地 with care
            found[phrase] = (*stem, "de5")
        if phrase[:-1] in certain:
            certain.setdefault(phrase, found[phrase])
    # Not our own sentences: they seek out rare readings, and almost every character would be contested.
    labels = [one for one in labelled(sources) if one.source != "everyday"]
    doubtful = contested(labels)
    as_characters = {key: tuple(single.get(one, "") for one in key) for key in found}
    found = {key: value for key, value in found.items() if doubtful & set(key) or value != as_characters[key]}
    agreed = {key for key, value in found.items() if key in second and _agree(key, value, second[key], doubtful)}
    only = {key: value for key, value in second.items() if key not in listed and key in known and doubtful & set(key)}
    light = {
        key: (*map(single.get, key[:-1]), "zi5")
        for key in known
        if key[-1] == "子" and _light(key, second) and not doubtful & set(key)
    }
    only |= {key: value for key, value in light.items() if key not in found}
    refused = denied(labels, {key: found.get(key) or only[key] for key in agreed | set(only)})
    found |= {key: value for key, value in only.items() if key not in refused}
    agreed = (agreed | {key for key in only if doubtful & set(key)}) - refused
    agreed -= {phrase for phrase, value in ours.items() if value == OPEN}
    wrong = [phrase for phrase, value in certain.items() if len(phrase) != len(value) or len(phrase) > LONGEST]
    if wrong:
        raise ValueError(f"phrases.txt: {wrong}")
    return found | certain, agreed | set(certain)


def cedict(sources: Path, single: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """CC-CEDICT's readings. Of its neutral tones only those of particles and of 子 are kept: it has more than a newsreader."""
    found = {}
    for path in sorted((sources / "cc-cedict").glob("cc_cedict_*.py")):
        for key, value in _ENTRY.findall(path.read_text("utf-8")):
            syllables = [plain(one) for one in _MARKED.findall(value)]
            if 1 < len(key) <= LONGEST and len(key) == len(syllables):
                found[key] = tuple(_full(*pair, single) for pair in zip(key, map(_lexical, key, syllables), strict=True))
    return found


def _full(character: str, syllable: str, single: dict[str, str]) -> str:
    default = single.get(character, "")
    heavy = syllable.endswith("5") and character not in LIGHT and default[:-1] == syllable[:-1]
    return default if heavy else syllable


def _agree(phrase: str, one: tuple[str, ...], other: tuple[str, ...], doubtful: set[str]) -> bool:
    """Whether two readings are the same where it matters."""
    return all(
        a == b or (character not in doubtful and a[:-1] == b[:-1]) for character, a, b in zip(phrase, one, other, strict=True)
    )


def _light(word: str, readings: dict[str, tuple[str, ...]]) -> bool:
    """Whether 子 is light in a word, or else in its last two characters: 土台子."""
    reading = readings.get(word) or (readings.get(word[-2:]) if len(word) > 2 else None)
    return bool(reading) and reading[-1] == "zi5"


def contested(labels: Iterable[Labelled]) -> set[str]:
    """Characters that are read in more than one way."""
    seen = defaultdict(set)
    for _, sentence, place, label in labels:
        seen[sentence[place]].add(label)
    return {character for character, readings in seen.items() if len(readings) > 1}


def denied(labels: Iterable[Labelled], phrases: dict[str, tuple[str, ...]]) -> set[str]:
    """Phrases that more than one in DENIAL of the sentences they lie in read otherwise."""
    right, wrong = Counter(), Counter()
    for _, sentence, place, label in labels:
        for begin in range(max(0, place - LONGEST + 1), place + 1):
            for end in range(place + 1, min(begin + LONGEST, len(sentence)) + 1):
                reading = phrases.get(sentence[begin:end])
                if reading:
                    (right if reading[place - begin] == label else wrong)[sentence[begin:end]] += 1
    return {phrase for phrase, count in wrong.items() if count * DENIAL > right[phrase] + count}


def _lexical(character: str, syllable: str) -> str:
    """The source writes 一 and 不 as they sound in the phrase; sandhi is ours to apply."""
    return {"一": "yi1", "不": "bu4"}.get(character, syllable) if syllable[:-1] in ("yi", "bu") else syllable


def tag_index(tag: str) -> int:
    """jieba's tags, folded to those that breaks and names need."""
    return TAGS.index(tag[:2]) if tag[:2] in TAGS else TAGS.index(tag[0]) if tag[0] in TAGS else TAGS.index("n")


def sorted_by_hash(keys: list[str]) -> tuple[np.ndarray, np.ndarray]:
    hashes = hash_words(keys)
    order = np.argsort(hashes, kind="stable")
    if len(np.unique(hashes)) != len(hashes):
        raise ValueError("two words share a hash: change lexicon.MULTIPLIER")
    return order, hashes[order]


def write(sources: Path, out: Path) -> None:
    single = character_readings(sources)
    counts = words(sources)
    compound, certain = phrases(sources, single, counts)
    print(f"{len(certain)} phrases are certain")
    for phrase in compound:  # the segmenter must know them too; 0.5 keeps them below every counted word
        counts.setdefault(phrase, (0.5, "i" if len(phrase) > 3 else "n"))
    total = sum(count for count, _ in counts.values())
    syllables = sorted({*single.values(), *(one for reading in compound.values() for one in reading)})
    number = {syllable: index for index, syllable in enumerate(syllables)}

    out.mkdir(parents=True, exist_ok=True)
    (out / "syllables.txt").write_text("\n".join(syllables) + "\n", "utf-8")
    codes = sorted(map(ord, single))
    store(out / "character_codes.npy", np.array(codes, np.uint32))
    store(out / "character_readings.npy", np.array([number[single[chr(code)]] for code in codes], np.uint16))

    names = sorted(counts)
    order, hashes = sorted_by_hash(names)
    cost = [min(255, round(COST_STEP * -math.log(max(counts[name][0], 0.3) / total))) for name in names]
    store(out / "word_hashes.npy", hashes)
    store(out / "word_costs.npy", np.array(cost, np.uint8)[order])
    store(out / "word_tags.npy", np.array([tag_index(counts[name][1]) for name in names], np.uint8)[order])

    names = sorted(compound)
    order, hashes = sorted_by_hash(names)
    names = [names[index] for index in order]
    starts = np.cumsum([0] + [len(name) for name in names[:-1]])
    store(out / "phrase_hashes.npy", hashes)
    flags = np.array([CERTAIN if name in certain else 0 for name in names], np.uint32)
    store(out / "phrase_starts.npy", starts.astype(np.uint32) | flags)
    store(out / "phrase_readings.npy", np.array([number[one] for name in names for one in compound[name]], np.uint16))
    print(f"{len(single)} characters, {len(counts)} words, {len(compound)} phrases, {len(syllables)} syllables")


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else DATA)
