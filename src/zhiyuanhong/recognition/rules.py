"""What a star certificate says: its number, its words, its digest."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from stdnum.iso7064 import mod_37_36

from zhiyuanhong.recognition.choices import STARS
from zhiyuanhong.shared.refusals import RuleBroken

DIGITS = "〇一二三四五六七八九"
MAX_NUMBER = 999_999
MAX_ISSUER = 40
DIGEST_LENGTH = 32  # 128 of the 256 bits: enough against a forger, and a coarser QR code
CHECK_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Award:
    """The 办法 and the facts a year's stars were computed from, and who issues them when."""

    year: int
    policy_title: str
    policy_version: str
    policy_hash: str
    facts_hash: str
    issuer: str
    issued_on: date

    def __post_init__(self) -> None:
        """Refuse an issuer that is empty or has no room on the page."""
        if not 0 < len(self.issuer) <= MAX_ISSUER:
            message = f"颁发单位应为 1 至 {MAX_ISSUER} 个字，请用 --issuer 写明。"
            raise RuleBroken("issuer_length", message)


@dataclass(frozen=True, slots=True)
class StarCertificate:
    """One volunteer's star of one year; `name` is empty when only the number is known."""

    award: Award
    number: str
    volunteer_id: str
    name: str
    community: str
    star: int
    minutes: int
    millipoints: int


def certificate_number(year: int, sequence: int) -> str:
    """Return e.g. ZYHC-2026-000001-N; the last sign is ISO 7064 MOD 37,36 over the others."""
    if not 0 < sequence <= MAX_NUMBER:
        raise RuleBroken("too_many_certificates", f"一次最多颁发 {MAX_NUMBER} 份证书。")
    plain = f"ZYHC{year:04d}{sequence:06d}"
    return f"ZYHC-{year:04d}-{sequence:06d}-{mod_37_36.calc_check_digit(plain)}"


def hours_text(minutes: int) -> str:
    """Hours with at most one decimal, rounded down: 9140 minutes are 152.3."""
    hours, tenth = divmod(minutes // 6, 10)
    return f"{hours}.{tenth}" if tenth else str(hours)


def points_text(millipoints: int) -> str:
    """Points with at most three decimals: 977500 millipoints are 977.5."""
    points, rest = divmod(millipoints, 1000)
    return f"{points}.{rest:03d}".rstrip("0").rstrip(".")


def chinese_day(day: date) -> str:
    """Return 二〇二六年十二月五日."""
    year = "".join(DIGITS[int(digit)] for digit in f"{day.year:04d}")
    return f"{year}年{_below_hundred(day.month)}月{_below_hundred(day.day)}日"


def _below_hundred(number: int) -> str:
    tens, ones = divmod(number, 10)
    lead = "" if tens == 0 else ("十" if tens == 1 else DIGITS[tens] + "十")
    return lead + (DIGITS[ones] if ones else "")


def full_width(title: str) -> str:
    """Write a title as Chinese print does: full-width brackets, no book marks of its own."""
    bare = title.strip()
    if bare.startswith("《") and bare.endswith("》"):
        bare = bare[1:-1]
    return bare.translate({ord("("): "（", ord(")"): "）", ord("《"): "〈", ord("》"): "〉"})


def ground_text(award: Award) -> str:
    """The clause that every certificate of a year shares; the level follows it."""
    return f"依据《{full_width(award.policy_title)}》（{award.policy_version}版），评定为"


def service_text(certificate: StarCertificate) -> str:
    member = f"作为{certificate.community}志愿者，" if certificate.community else ""
    return (
        f"你{member}在{certificate.award.year}年度志愿服务中，"
        f"累计服务{hours_text(certificate.minutes)}小时，"
        f"获得积分{points_text(certificate.millipoints)}分。"
    )


def salutation(certificate: StarCertificate) -> tuple[str, str]:
    """The holder, and how the holder is addressed."""
    if certificate.name:
        return certificate.name, " 同志："
    return certificate.volunteer_id, " 号志愿者："


def description(certificate: StarCertificate) -> str:
    """Say what the QR code holds to someone who cannot see it."""
    return f"二维码，内容为证书编号{certificate.number}、{STARS[certificate.star]}和校验码"


def digest(certificate: StarCertificate) -> str:
    """Fingerprint of every field: the first 128 bits of SHA-256, in hexadecimal."""
    award = certificate.award
    fields = {
        "number": certificate.number,
        "volunteer_id": certificate.volunteer_id,
        "name": certificate.name,
        "community": certificate.community,
        "star": certificate.star,
        "minutes": certificate.minutes,
        "millipoints": certificate.millipoints,
        "year": award.year,
        "policy_title": award.policy_title,
        "policy_version": award.policy_version,
        "policy_hash": award.policy_hash,
        "facts_hash": award.facts_hash,
        "issuer": award.issuer,
        "issued_on": award.issued_on.isoformat(),
    }
    canonical = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST_LENGTH]


def payload(certificate: StarCertificate, fingerprint: str) -> str:
    """The JSON text inside the QR code; it names nobody, and is as long for all of a year."""
    award = certificate.award
    fields = {
        "no": certificate.number,
        "year": award.year,
        "star": certificate.star,
        "policy": award.policy_hash.removeprefix("sha256:")[:12],
        "digest": fingerprint,
    }
    return json.dumps(fields, separators=(",", ":"))
