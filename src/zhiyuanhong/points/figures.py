"""How figures are said to people: millipoints as points, minutes as hours."""


def points_text(millipoints: int) -> str:
    """Say millipoints as points with no more decimals than needed: -2500 → `-2.5`."""
    sign = "-" if millipoints < 0 else ""
    whole, rest = divmod(abs(millipoints), 1000)
    return f"{sign}{whole}.{rest:03d}".rstrip("0").rstrip(".") if rest else f"{sign}{whole}"


def hours_text(minutes: int) -> str:
    """Say minutes as hours and minutes: 150 → `2 小时 30 分钟`."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} 小时"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} 分钟")
    return " ".join(parts)


def rating_text(hundredths: int) -> str:
    """Say a mean rating: 466 → `4.66`."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


STARS = ("无星", "一星", "二星", "三星", "四星", "五星")


def star_text(star: int) -> str:
    """Say a star in words: 3 → `三星`."""
    return STARS[star]
