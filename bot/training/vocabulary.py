"""Second step: keep the pieces that pupils' Dutch, English, German, Turkish and French need; leave the rest out.

The encoder knows 250,000 pieces of a hundred languages. Everything is lower-cased before the model, so pieces with
capitals go too. Words come from ``wordfreq`` (Speer 2022, Apache 2.0 with CC BY-SA lists) and from the training text.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from bot.training.names import MAX_LENGTH

Piece = tuple[str, float]

SPECIAL: Final = ("<s>", "<pad>", "</s>", "<unk>")
WORDS: Final = {"nl": 120_000, "en": 40_000, "de": 25_000, "tr": 8_000, "fr": 8_000}
_SPACE: Final = "▁"
_SHORT: Final = 3
_OTHER_LETTERS: Final = ("GREEK", "CYRILLIC", "ARABIC LETTER")


def build_tokenizer(pieces: Sequence[Piece]) -> Tokenizer:
    """Build a Unigram tokenizer in XLM-R's manner, lower-casing, with its special pieces added around a text."""
    tokenizer = Tokenizer(Unigram(list(pieces), unk_id=SPECIAL.index("<unk>")))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"[\p{Cf}\p{Cc}\p{Co}\p{Cs}&&[^\s]]"), ""),
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"\p{Mn}"), ""),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_SPACE, prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement=_SPACE, prepend_scheme="always")
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    tokenizer.enable_truncation(MAX_LENGTH)
    return tokenizer


def word_lists() -> Iterable[str]:
    """Words by frequency in the languages that pupils write."""
    import wordfreq  # noqa: PLC0415  only the training needs it

    for language, count in WORDS.items():
        yield from wordfreq.top_n_list(language, count)


def choose(pieces: Sequence[Piece], texts: Iterable[str], *, most: int = 49_000) -> list[int]:
    """Give the places of the pieces to keep, specials first, at most ``most`` of them."""
    keep = {i for i, (piece, _) in enumerate(pieces) if i < len(SPECIAL) or _always(piece)}
    for place, _ in _usage(pieces, texts).most_common():
        if len(keep) >= most:
            break
        keep.add(place)
    return sorted(keep)


def _usage(pieces: Sequence[Piece], texts: Iterable[str]) -> Counter[int]:
    tokenizer = build_tokenizer(pieces)
    used: Counter[int] = Counter()
    source = iter(texts)
    while batch := list(islice(source, 4096)):
        for encoded in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            used.update(encoded.ids)
    return used


def _always(piece: str) -> bool:
    body = piece.removeprefix(_SPACE)
    if body != body.lower():
        return False
    if not body:
        return True
    if len(body) <= _SHORT and all(_latin(letter) for letter in body):
        return True
    return len(body) == 1 and (_sign(body) or unicodedata.name(body, "").startswith(_OTHER_LETTERS))


def _latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN SMALL LETTER")


def _sign(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "PSN"
