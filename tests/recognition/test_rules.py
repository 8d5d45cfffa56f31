"""What a certificate says."""

from dataclasses import replace
from datetime import date

import pytest
from stdnum.iso7064 import mod_37_36

from tests.recognition.invented_certificates import AWARD, certificate
from zhiyuanhong.recognition import rules
from zhiyuanhong.shared.refusals import RuleBroken


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "0"), (5, "0"), (6, "0.1"), (59, "0.9"), (60, "1"), (9140, "152.3")]
)
def test_hours_have_at_most_one_decimal_and_are_never_rounded_up(minutes: int, text: str) -> None:
    assert rules.hours_text(minutes) == text


@pytest.mark.parametrize(
    ("millipoints", "text"),
    [(0, "0"), (5, "0.005"), (10_000, "10"), (977_500, "977.5"), (1_000_125, "1000.125")],
)
def test_points_are_trimmed(millipoints: int, text: str) -> None:
    assert rules.points_text(millipoints) == text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 12, 5), "二〇二六年十二月五日"),
        (date(2030, 1, 10), "二〇三〇年一月十日"),
        (date(2027, 10, 20), "二〇二七年十月二十日"),
        (date(2028, 11, 31 - 1), "二〇二八年十一月三十日"),
        (date(2029, 8, 31), "二〇二九年八月三十一日"),
        (date(2029, 8, 19), "二〇二九年八月十九日"),
    ],
)
def test_dates_are_written_in_chinese(day: date, text: str) -> None:
    assert rules.chinese_day(day) == text


def test_a_number_has_a_check_character_that_catches_a_slip() -> None:
    number = rules.certificate_number(2026, 1)
    assert number.startswith("ZYHC-2026-000001-")
    plain = number.replace("-", "")
    assert mod_37_36.is_valid(plain)
    assert not mod_37_36.is_valid(plain.replace("000001", "000010"))


@pytest.mark.parametrize("place", [0, 1_000_000])
def test_a_number_out_of_range_is_refused(place: int) -> None:
    with pytest.raises(RuleBroken) as refusal:
        rules.certificate_number(2026, place)
    assert refusal.value.code == "too_many_certificates"


@pytest.mark.parametrize("issuer", ["", "长" * 41])
def test_an_issuer_without_room_is_refused(issuer: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        replace(AWARD, issuer=issuer)
    assert refusal.value.code == "issuer_length"


@pytest.mark.parametrize(
    "title", ["志愿服务办法(试行)", "《志愿服务办法（试行）》", " 志愿服务办法(试行) "]
)
def test_a_title_is_written_full_width_without_doubled_marks(title: str) -> None:
    award = replace(AWARD, policy_title=title)
    assert rules.ground_text(award) == "依据《志愿服务办法（试行）》（2026-1版），评定为"


def test_a_community_is_named_when_it_is_known() -> None:
    alone, member = certificate(), replace(certificate(), community="河东社区")
    sentence = "在2026年度志愿服务中，累计服务152.3小时，获得积分977.5分。"
    assert rules.service_text(alone) == f"你{sentence}"
    assert rules.service_text(member) == f"你作为河东社区志愿者，{sentence}"


def test_without_a_name_the_volunteer_number_stands_in_its_place() -> None:
    assert rules.salutation(certificate()) == ("李梅", " 同志：")
    assert rules.salutation(certificate(name="")) == ("V00001", " 号志愿者：")


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "李玫"), ("star", 4), ("minutes", 9141), ("millipoints", 1), ("volunteer_id", "V2")],
)
def test_the_digest_changes_with_every_field(field: str, value: object) -> None:
    changes: dict[str, object] = {field: value}
    changed = replace(certificate(), **changes)  # type: ignore[arg-type]  # one field at a time
    assert rules.digest(changed) != rules.digest(certificate())


@pytest.mark.parametrize(
    "award",
    [
        replace(AWARD, issuer="另一单位"),
        replace(AWARD, issued_on=date(2026, 12, 6)),
        replace(AWARD, facts_hash="cd" * 32),
    ],
)
def test_the_digest_changes_with_the_award(award: rules.Award) -> None:
    assert rules.digest(certificate(award=award)) != rules.digest(certificate())


def test_the_payload_names_nobody() -> None:
    it = certificate()
    text = rules.payload(it, rules.digest(it))
    assert it.name not in text
    assert it.volunteer_id not in text
    assert it.number in text
    assert '"policy":"3f9a1c0b77de"' in text
