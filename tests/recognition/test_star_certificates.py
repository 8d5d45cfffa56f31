"""Certificates, printed and read back."""

import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pypdf
import pytest

from tests.recognition.invented_certificates import AWARD, certificate
from zhiyuanhong.recognition import rules
from zhiyuanhong.recognition.documents import codes, star_certificates
from zhiyuanhong.recognition.documents.star_certificates import (
    DRAW_ONCE_FROM,
    numbers_with_missing_glyphs,
    render_batch,
    render_each,
)
from zhiyuanhong.recognition.rules import StarCertificate
from zhiyuanhong.shared.refusals import RuleBroken

NASTY = ["#import", "$x$", "*b*", "\\#1\\", "@ref <l>", "`raw`", "//c", "= h", '"q"', "_i_"]


def read(document: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(document))


def words(page: pypdf.PageObject) -> str:
    return re.sub(r"\s", "", page.extract_text())


def one(it: StarCertificate) -> pypdf.PdfReader:
    ((_, document),) = render_each([it])
    return read(document)


def test_a_certificate_says_who_what_and_why() -> None:
    it = certificate()
    page = one(it).pages[0]
    text = words(page)
    check = rules.digest(it)[:12]
    for expected in (
        "志愿者星级证书",
        "李梅同志：",
        "累计服务152.3小时，获得积分977.5分。",
        "依据《社区志愿服务工作管理办法（试行）》（2026-1版），评定为三星级志愿者",
        "特发此证，以资鼓励。",
        f"编号：{it.number}",
        f"校验码：{check}",
        "社区志愿服务工作办公室",
        "二〇二六年十二月五日",
        "（盖章）",
    ):
        assert expected in text
    assert "验真" not in text


def test_a_certificate_is_one_landscape_a4_page() -> None:
    (page,) = one(certificate()).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (842, 595)


@pytest.mark.parametrize("pages", [1, DRAW_ONCE_FROM])
def test_a_document_is_pdf_a_2b_of_the_day_of_issue(pages: int) -> None:
    reader = read(render_batch([certificate(place) for place in range(1, pages + 1)]))
    assert reader.xmp_metadata is not None
    packet = reader.xmp_metadata.stream.get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in packet
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in packet
    assert reader.metadata is not None
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == date(2026, 12, 5)
    assert reader.metadata.title == "志愿者星级证书"


@pytest.mark.parametrize("pages", [3, DRAW_ONCE_FROM + 5])
def test_a_batch_has_a_page_for_each_in_order(pages: int) -> None:
    issued = [certificate(place, star=1 + place % 5) for place in range(1, pages + 1)]
    reader = read(render_batch(issued))
    assert len(reader.pages) == pages
    for page, it in zip(reader.pages, issued, strict=True):
        text = words(page)
        assert it.number in text
        assert f"{'一二三四五'[it.star - 1]}星级志愿者" in text


@pytest.mark.parametrize("pages", [2, DRAW_ONCE_FROM])
def test_the_same_certificates_give_the_same_bytes(pages: int) -> None:
    issued = [certificate(place) for place in range(1, pages + 1)]
    assert render_batch(issued) == render_batch(issued)
    assert list(render_each(issued[:2])) == list(render_each(issued[:2]))


@pytest.mark.parametrize("name", NASTY)
def test_markup_in_a_name_is_only_text(name: str) -> None:
    it = certificate(name=name)
    assert f"{name}同志：".replace(" ", "") in words(one(it).pages[0])


def test_markup_in_issuer_community_and_title_is_only_text() -> None:
    award = replace(AWARD, issuer="#panic()", policy_title="*法*$a$", policy_version="`1`")
    it = replace(certificate(award=award), community="#(1+1)社区")
    text = words(one(it).pages[0])
    for expected in ("#panic()", "《*法*$a$》（`1`版）", "#(1+1)社区志愿者"):
        assert expected in text


@pytest.mark.parametrize(
    "name", ["李梅", "欧阳晓云", "阿卜杜拉·麦麦提", "11010519491231002X", "长" * 40]
)
def test_any_name_keeps_to_one_page(name: str) -> None:
    award = replace(AWARD, issuer="办" * 40, policy_title="法" * 60)
    reader = one(replace(certificate(name=name, award=award), community="社" * 20))
    assert len(reader.pages) == 1
    assert name in words(reader.pages[0])


def test_the_qr_code_on_the_page_is_that_of_its_payload() -> None:
    it = certificate()
    expected = next(iter(codes.pixels([rules.payload(it, rules.digest(it))])))
    resources = cast("Any", one(it).pages[0]["/Resources"])
    pictures = [item.get_object().get_data() for item in resources["/XObject"].values()]
    assert expected in pictures


def test_a_glyph_that_no_font_has_is_marked_and_reported_by_number() -> None:
    issued = [certificate(1), certificate(2, name="李𠮷"), certificate(3, name="王\ue000")]
    assert numbers_with_missing_glyphs(issued) == [issued[1].number, issued[2].number]
    reader = read(render_batch(issued))
    assert "李〓同志" in words(reader.pages[1])
    assert "王〓同志" in words(reader.pages[2])


def test_a_program_without_fonts_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(star_certificates, "FONTS", tmp_path)
    with pytest.raises(RuleBroken) as refusal:
        render_batch([certificate()])
    assert refusal.value.code == "fonts_missing"


def test_nothing_is_left_in_the_temporary_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    render_batch([certificate()])
    assert list(tmp_path.iterdir()) == []
