"""QR codes in bulk."""

import random

from zhiyuanhong.recognition.documents import codes


def payload(dice: random.Random) -> str:
    number, digest = dice.randrange(10**6), dice.getrandbits(128)
    return f'{{"no":"ZYHC-2026-{number:06d}-{dice.choice("0A7Z")}","digest":"{digest:032x}"}}'


def test_added_up_codes_are_those_of_segno() -> None:
    dice = random.Random(7)
    sums = codes.Sums(payload(dice))
    for _ in range(25):
        text = payload(dice)
        assert sums.modules(text) == codes.modules(text)


def test_many_codes_are_made_as_few_are() -> None:
    dice = random.Random(8)
    texts = [payload(dice) for _ in range(codes.PAYS_FROM)]
    many = list(codes.pixels(texts))
    assert many[:3] + many[-3:] == list(codes.pixels(texts[:3] + texts[-3:]))


def test_texts_of_different_lengths_are_made_one_by_one() -> None:
    texts = ["a" * (1 + place % 2) for place in range(codes.PAYS_FROM)]
    made = list(codes.pixels(texts))
    assert made[0] != made[1]
    assert made[0] == made[2]


def test_a_dark_module_is_black_and_the_others_white() -> None:
    (pixels,) = codes.pixels(["x"])
    assert len(pixels) == codes.SIZE**2
    assert pixels[: codes.SIZE][:8] == bytes(7) + b"\xff"
    assert set(pixels) == {0, 255}
