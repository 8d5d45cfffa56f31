"""Invented awards and certificates."""

from datetime import date

from zhiyuanhong.recognition.rules import Award, StarCertificate, certificate_number

AWARD = Award(
    year=2026,
    policy_title="社区志愿服务工作管理办法(试行)",
    policy_version="2026-1",
    policy_hash="3f9a1c0b77de" + "0" * 52,
    facts_hash="ab" * 32,
    issuer="社区志愿服务工作办公室",
    issued_on=date(2026, 12, 5),
)


def certificate(
    place: int = 1, *, name: str = "李梅", star: int = 3, award: Award = AWARD
) -> StarCertificate:
    return StarCertificate(
        award=award,
        number=certificate_number(award.year, place),
        volunteer_id=f"V{place:05d}",
        name=name,
        community="",
        star=star,
        minutes=9140,
        millipoints=977_500,
    )
