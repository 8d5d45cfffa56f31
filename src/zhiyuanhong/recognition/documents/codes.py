"""QR codes as gray pixels, in bulk."""

from collections.abc import Iterable, Sequence

import segno

# One size and one mask for all: choosing the prettiest of eight masks takes four times as long,
# and only codes of one size and mask add up (see Sums).
VERSION, LEVEL, MASK = 7, "m", 3
SIZE = 45
PAYS_FROM = 250  # sums have to be learned first, from about two hundred codes
GRAY = bytes([255, 0]) + bytes(254)


def modules(text: str) -> int:
    """Return all modules of a code as one number, a byte (0 or 1) for each, row by row."""
    code = segno.make(
        text,
        version=VERSION,
        error=LEVEL,
        mask=MASK,
        mode="byte",
        encoding="latin-1",
        micro=False,
        boost_error=False,
    )
    return int.from_bytes(b"".join(code.matrix), "big")


def pixels(texts: Sequence[str]) -> Iterable[bytes]:
    """Yield SIZE² gray bytes for each text of at most 122 ASCII characters."""
    same_length = len({len(text) for text in texts}) == 1
    make = Sums(texts[0]).modules if same_length and len(texts) >= PAYS_FROM else modules
    return (make(text).to_bytes(SIZE * SIZE, "big").translate(GRAY) for text in texts)


class Sums:
    """Makes codes by adding up what single bits change.

    Error correction and masking are linear over exclusive or: for texts of one length,
    code(a ^ b ^ c) == code(a) ^ code(b) ^ code(c). So two hundred codes made by segno give all
    others, each in a hundredth of the time.
    """

    def __init__(self, first: str) -> None:
        self.first = first
        self.start = modules(first)
        self.parts: dict[tuple[int, int], int] = {}
        self.letters: dict[tuple[int, str], int] = dict.fromkeys(enumerate(first), 0)

    def modules(self, text: str) -> int:
        total = self.start
        for key in enumerate(text):
            change = self.letters.get(key)
            total ^= self.learn(*key) if change is None else change
        return total

    def learn(self, place: int, letter: str) -> int:
        """What changes when this letter stands there instead of the first text's."""
        difference = ord(letter) ^ ord(self.first[place])
        change = 0
        for part in (difference & 1, difference & 2, difference & 4, difference & 8):
            change ^= self.part(place, part)
        change ^= self.part(place, difference & 0x70)
        self.letters[place, letter] = change
        return change

    def part(self, place: int, bits: int) -> int:
        if not bits:
            return 0
        if (place, bits) not in self.parts:
            letter = chr(ord(self.first[place]) ^ bits)
            text = self.first[:place] + letter + self.first[place + 1 :]
            self.parts[place, bits] = self.start ^ modules(text)
        return self.parts[place, bits]
