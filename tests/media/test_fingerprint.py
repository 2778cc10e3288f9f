"""The print of a picture."""

import io

import numpy as np
import pytest
from PIL import Image

from bot.media import samples
from bot.media.copies import COPIES, copies_of
from bot.media.eyes import all_prints
from bot.media.fingerprint import TURNS, distance, prints, same_picture

# What Meta's reference (the package pdqhash 0.2.8) gives for samples.noise(512, 384, seed=11, grain=40): itself, then
# turned and mirrored. The order of its list differs, so they are compared as a set.
REFERENCE = frozenset(
    {
        "f1d1241eb34eb92270eaec211b54e423f0af13de8d154edd64b113e8973e0f36",
        "b5a27267fd8845391631bac422774d9888dcd5ab1d8f3d8468d69d0c79c37a47",
        "acc4eeb4e61b138825bf468bde01ce89a5fab974da40e47731e4b942c26ba59c",
        "e0f7d8cd80ddef934364106e3702e7325d897f0140da972e3d8337a62c96d0ed",
        "f111d9e1934e46dd50ca13de1b541bdcf0afec218d15b12264b1ec17973ef0c9",
        "a4c4714be61bec7725bfb9744e01b176a5fa468bda401b8831e446bdc26b5a63",
        "b5a28d98fd88bac61631453b2257b26788dcaa541d8fc27b68d662f379c385b8",
        "e3f76732e8dd126cc364ef91772218cddd8980fe48da68d13d83c8592c962f12",
    }
)


def picture(seed: int = 11) -> samples.Pixels:
    return samples.noise(512, 384, seed, grain=40)


def test_prints_are_those_of_the_reference_implementation() -> None:
    found, quality = prints(picture())
    away = [min(distance(one, other) for other in REFERENCE) for one in found]
    assert (max(away) <= 2, quality) == (True, 100)  # it reckons in single precision; bits on the median may differ


@pytest.mark.parametrize("copy", COPIES)
def test_a_copy_is_found_again(copy: str) -> None:
    kept = all_prints(picture(), 50)[::TURNS]
    told = copies_of(Image.fromarray(picture()))[copy]
    with Image.open(io.BytesIO(told)) as image:
        again = all_prints(np.asarray(image.convert("RGB")), 50)
    assert same_picture(again, kept)


def test_ten_thousand_other_pairs_are_not_taken_for_copies() -> None:
    found = [prints(samples.noise(128, 96, seed, grain=16))[0][0] for seed in range(142)]
    pairs = [(one, other) for place, one in enumerate(found) for other in found[place + 1 :]]
    assert (len(pairs), [pair for pair in pairs if same_picture(*pair)]) == (10011, [])


def test_an_even_plane_has_no_quality() -> None:
    assert prints(np.full((64, 64, 3), 200, dtype=np.uint8))[1] == 0


def test_distance_counts_bits() -> None:
    assert distance("0" * 64, "f" + "0" * 62 + "1") == 5


def test_nothing_is_not_like_nothing() -> None:
    assert not same_picture((), ())
