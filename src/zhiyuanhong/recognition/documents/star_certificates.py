"""Star certificates as PDF/A: one document each, or one for all."""

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from importlib.resources import files
from pathlib import Path

import typst

from zhiyuanhong.recognition import rules
from zhiyuanhong.recognition.documents import codes
from zhiyuanhong.recognition.rules import Award, StarCertificate
from zhiyuanhong.shared.refusals import RuleBroken

FONTS = Path(str(files("zhiyuanhong.recognition") / "fonts"))
TEMPLATES = files("zhiyuanhong.recognition.documents")
NO_GLYPH = "〓"  # the printer's mark for a character that is not in the case
DRAW_ONCE_FROM = 20  # pages; below, drawing each page costs less than pictures of the ornament
PIXELS_PER_INCH = 300
ORNAMENTS = {
    "backdrop": ("297mm, height: 210mm", "backdrop"),
    **{f"stars-{star}": ("80mm, height: auto", f"stars({star})") for star in range(1, 6)},
}
PROBE = b'#set text(font: "Noto Serif SC")\n#sys.inputs.words'
MISSING = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")


@dataclass(frozen=True)
class Press:
    """A typst compiler, and the folder it reads; typst sees nothing outside that folder.

    `marks` puts a mark in the place of each character that no font has: PDF/A allows no holes.
    """

    compiler: typst.Compiler
    folder: Path
    marks: dict[int, str]

    def draw_ornaments(self) -> None:
        for name, (width, drawing) in ORNAMENTS.items():
            source = (
                '#import "/star_ornament.typ": *\n'
                f"#set page(width: {width}, margin: 0mm)\n#{drawing}"
            )
            picture = self.compiler.compile(
                input=source.encode(), format="png", ppi=PIXELS_PER_INCH
            )
            (self.folder / f"{name}.png").write_bytes(single(picture))

    def print(self, certificates: Sequence[StarCertificate], *, drawn: bool) -> bytes:
        """Compile to PDF/A-2b. The date of issue is the date of the document, to the byte."""
        self.lay_out(certificates, drawn=drawn)
        day = certificates[0].award.issued_on
        result = self.compiler.compile(
            input=TEMPLATES.joinpath("star_certificate.typ").read_bytes(),
            format="pdf",
            pdf_standards=["a-2b"],
            timestamp=datetime.combine(day, time(), UTC),
            pdf_tags=not drawn,  # tags double the size of a long document
        )
        return single(result)

    def lay_out(self, certificates: Sequence[StarCertificate], *, drawn: bool) -> None:
        """Write what the template reads: the words as JSON, the QR codes as pixels."""
        fingerprints = [rules.digest(certificate) for certificate in certificates]
        pairs = list(zip(certificates, fingerprints, strict=True))
        texts = [rules.payload(*pair) for pair in pairs]
        (self.folder / "codes").write_bytes(b"".join(codes.pixels(texts)))
        fields = {
            **self.marked(award_fields(certificates[0].award)),
            "drawn": drawn,
            "code_size": codes.SIZE,
            "certificates": [self.marked(certificate_fields(*pair)) for pair in pairs],
        }
        text = json.dumps(fields, ensure_ascii=False)
        (self.folder / "data.json").write_text(text, encoding="utf-8")

    def marked(self, fields: dict[str, object]) -> dict[str, object]:
        return {
            name: value.translate(self.marks) if isinstance(value, str) else value
            for name, value in fields.items()
        }


def single(output: bytes | list[bytes] | None) -> bytes:
    """Typst returns a list for several pictures, and nothing when it writes a file itself."""
    if isinstance(output, bytes):
        return output
    raise TypeError("typst returned no single document")


def render_batch(certificates: Sequence[StarCertificate], *, fonts: Sequence[Path] = ()) -> bytes:
    """Return one PDF with a page for each certificate; `fonts` are folders with further fonts.

    All certificates are of one award; there is at least one.
    """
    with press(certificates, fonts) as machine:
        drawn = len(certificates) >= DRAW_ONCE_FROM
        if drawn:
            machine.draw_ornaments()
        return machine.print(certificates, drawn=drawn)


def render_each(
    certificates: Sequence[StarCertificate], *, fonts: Sequence[Path] = ()
) -> Iterator[tuple[str, bytes]]:
    """Yield the number and the PDF of each certificate."""
    with press(certificates, fonts) as machine:
        for certificate in certificates:
            yield certificate.number, machine.print([certificate], drawn=False)


def numbers_with_missing_glyphs(
    certificates: Sequence[StarCertificate], *, fonts: Sequence[Path] = ()
) -> list[str]:
    """Return the numbers of the certificates with a character that no font has."""
    missing = missing_glyphs(compiler_of(fonts), certificates)
    return [it.number for it in certificates if missing.intersection(words_of(it))]


@contextmanager
def press(certificates: Sequence[StarCertificate], fonts: Sequence[Path]) -> Iterator[Press]:
    """Open a press in a folder that only this user can read, and that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="zhiyuanhong-") as name:
        folder = Path(name)
        ornament = TEMPLATES.joinpath("star_ornament.typ").read_bytes()
        (folder / "star_ornament.typ").write_bytes(ornament)
        compiler = compiler_of(fonts, folder)
        missing = missing_glyphs(compiler, certificates)
        yield Press(compiler, folder, {ord(letter): NO_GLYPH for letter in missing})


def compiler_of(fonts: Sequence[Path], root: Path | None = None) -> typst.Compiler:
    if not any(FONTS.glob("*.ttf")):
        raise RuleBroken("fonts_missing", "程序中没有证书用的字体，请重新安装本程序。")
    # typst's own fonts give old private-use characters a wrong sign instead of none
    ours = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in (FONTS, *fonts)],
    )
    return typst.Compiler(root=root, font_paths=ours, ignore_system_fonts=True)


def words_of(certificate: StarCertificate) -> str:
    """All that comes from outside and is printed on one certificate."""
    award = certificate.award
    written = (certificate.name or certificate.volunteer_id, certificate.community)
    return "".join((*written, award.issuer, award.policy_title, award.policy_version))


def missing_glyphs(
    compiler: typst.Compiler, certificates: Sequence[StarCertificate]
) -> frozenset[str]:
    """Find the characters that no font has: typst itself is asked, in one trial print."""
    letters = {letter for certificate in certificates for letter in words_of(certificate)}
    words = " ".join(sorted(letter for letter in letters if not letter.isspace()))
    try:
        compiler.compile(
            input=PROBE, format="pdf", pdf_standards=["a-2b"], sys_inputs={"words": words}
        )
    except typst.TypstError as error:
        found = "".join(MISSING.findall(error.diagnostic))
        return frozenset(ESCAPE.sub(lambda code: chr(int(code[1], 16)), found))
    return frozenset()


def award_fields(award: Award) -> dict[str, object]:
    day = award.issued_on
    return {
        "issuer": award.issuer,
        "issued_on": {"year": day.year, "month": day.month, "day": day.day},
        "issued_text": rules.chinese_day(day),
        "ground": rules.ground_text(award),
    }


def certificate_fields(certificate: StarCertificate, fingerprint: str) -> dict[str, object]:
    holder, address = rules.salutation(certificate)
    return {
        "number": certificate.number,
        "check": fingerprint[: rules.CHECK_LENGTH],
        "holder": holder,
        "address": address,
        "service": rules.service_text(certificate),
        "star": certificate.star,
        "description": rules.description(certificate),
    }
