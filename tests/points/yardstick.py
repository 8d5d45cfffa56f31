"""The rules of points and stars, read a second time in plain loops; the engines are held to it."""

from collections import Counter, defaultdict
from datetime import date
from operator import itemgetter
from typing import Any

Row = dict[str, Any]
Facts = dict[str, list[Row]]
Policy = dict[str, Any]

FLAGS = ("emergency", "skilled", "leader")
CONDUCT_KINDS = ("no_show", "late_cancel", "complaint", "false_record")
DATED_TABLES = ("trainings", "honors", "conducts", "adjustments")


def assess(facts: Facts, policy: Policy, year: int) -> tuple[list[Row], list[Row]]:
    """Results and statement of one year; the facts are clean, the policy is a parsed valid one."""
    owned = _facts_by_volunteer(facts, year)
    scores = _scores_by_service(facts)
    results: list[Row] = []
    statement: list[Row] = []
    for volunteer in _assessed(facts, year):
        own = owned[volunteer["volunteer_id"]]
        services = _scored_services(own["services"], scores, policy)
        lines = _lines(volunteer["volunteer_id"], own, services, policy, year)
        statement.extend(lines)
        given = [s for row in own["services"] for s in scores.get(row["service_id"], [])]
        known = {"year": year, "own": own, "services": services, "scores": given, "lines": lines}
        results.append(_result(volunteer, known, policy))
    _give_stars(results, policy)
    return results, sorted(statement, key=_statement_order)


def _statement_order(line: Row) -> tuple[str, date, str, str]:
    return line["volunteer_id"], line["day"], line["rule"], line["source_id"]


def _assessed(facts: Facts, year: int) -> list[Row]:
    rows = [row for row in facts["volunteers"] if row["registered_on"] <= date(year, 12, 31)]
    return sorted(rows, key=itemgetter("volunteer_id"))  # str compares by code point


def _facts_by_volunteer(facts: Facts, year: int) -> dict[str, dict[str, list[Row]]]:
    """The facts of the year, in the order of (time, id), by volunteer and table."""
    owned: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(facts.get("services", []), key=itemgetter("starts_at", "service_id")):
        if row["status"] == "effective" and row["starts_at"].year == year:
            owned[row["volunteer_id"]]["services"].append(row)
    for table in DATED_TABLES:
        for row in sorted(facts.get(table, []), key=itemgetter("day", table[:-1] + "_id")):
            if row["day"].year == year:
                owned[row["volunteer_id"]][table].append(row)
    return owned


def _scores_by_service(facts: Facts) -> dict[str, list[int]]:
    scores: dict[str, list[int]] = defaultdict(list)
    for rating in facts.get("ratings", []):
        scores[rating["service_id"]].append(rating["score"])
    return scores


# --- rules 1 to 4: services ---------------------------------------------------------------------


def _scored_services(
    services: list[Row], scores: dict[str, list[int]], policy: Policy
) -> list[Row]:
    """Each service of one volunteer with what rules 1 to 4 make of it, in order."""
    rule = policy["service_time"]
    team_points: Counter[str] = Counter()
    scored = []
    for service, credited in zip(services, credited_minutes(services, rule), strict=True):
        percent = coefficient(service, rule)
        band = band_percent(scores.get(service["service_id"], []), policy.get("satisfaction"))
        time_points = credited * rule["millipoints_per_hour"] * percent // 6000
        points = time_points * band // 100
        team = service["team"]
        if team in rule.get("team_cap_millipoints", {}):
            points = min(points, rule["team_cap_millipoints"][team] - team_points[team])
        team_points[team] += points
        scored.append(
            {
                "service": service,
                "minutes": credited,
                "percent": percent,
                "band": band,
                "millipoints": points,
            }
        )
    return scored


def credited_minutes(services: list[Row], rule: Row) -> list[int]:
    """Rule 1 for the services of one volunteer, which are in order."""
    credited_of_day: Counter[date] = Counter()
    credited = []
    for service in services:
        minutes = service["minutes"] // rule["unit_minutes"] * rule["unit_minutes"]
        if "per_service_cap_minutes" in rule:
            minutes = min(minutes, rule["per_service_cap_minutes"])
        day = service["starts_at"].date()
        if "per_day_cap_minutes" in rule:
            minutes = min(minutes, rule["per_day_cap_minutes"] - credited_of_day[day])
        credited_of_day[day] += minutes
        credited.append(minutes)
    return credited


def coefficient(service: Row, rule: Row) -> int:
    """Rule 2: the percent of one service."""
    percents = [rule.get("team_percent", {}).get(service["team"], 100)]
    of_flags = rule.get("flag_percent", {})
    percents += [of_flags[flag] for flag in FLAGS if service[flag] and flag in of_flags]
    if rule["combine"] == "highest":
        return int(max(percents))
    return max(0, 100 + sum(int(percent) - 100 for percent in percents))


def band_percent(scores: list[int], rule: Row | None) -> int:
    """Rule 3: the percent of the band that a service's scores reach."""
    if rule is None:
        return 100
    if not scores:
        return int(rule["unrated_percent"])
    mean = mean_rating(scores)
    for band in rule["bands"]:
        if mean is not None and mean >= band["from"]:
            return int(band["percent"])
    return 0


def mean_rating(scores: list[int]) -> int | None:
    return 100 * sum(scores) // len(scores) if scores else None


# --- rules 5 to 9: the lines of the statement ----------------------------------------------------


def _lines(
    volunteer_id: str,
    own: dict[str, list[Row]],
    services: list[Row],
    policy: Policy,
    year: int,
) -> list[Row]:
    lines = [_service_line(volunteer_id, scored, policy) for scored in services]
    lines += _training_lines(volunteer_id, own["trainings"], policy.get("training"))
    lines += _honor_lines(volunteer_id, own["honors"], policy.get("honor"))
    lines += _continuity_lines(volunteer_id, services, policy.get("continuity"), year)
    lines += _conduct_lines(volunteer_id, own["conducts"], policy.get("conduct"))
    for row in own["adjustments"]:
        source = volunteer_id, row["day"], row["adjustment_id"]
        lines.append(_line(source, "adjustment", None, row["millipoints"]))
    return [line for line in lines if line["millipoints"] != 0 or (line["minutes"] or 0) > 0]


def _line(source: tuple[str, date, str], rule: str, article: str | None, points: int) -> Row:
    """A line that is no service; `source` is volunteer_id, day and source_id."""
    volunteer_id, day, source_id = source
    return {
        "volunteer_id": volunteer_id,
        "day": day,
        "rule": rule,
        "source_id": source_id,
        "article": article,
        "minutes": None,
        "percent": None,
        "band": None,
        "millipoints": points,
    }


def _service_line(volunteer_id: str, scored: Row, policy: Policy) -> Row:
    service = scored["service"]
    article = policy["service_time"]["article"]
    source = volunteer_id, service["starts_at"].date(), service["service_id"]
    line = _line(source, "service", article, scored["millipoints"])
    for column in ("minutes", "percent", "band"):
        line[column] = scored[column]
    return line


def _training_lines(volunteer_id: str, trainings: list[Row], rule: Row | None) -> list[Row]:
    if rule is None:
        return []
    passed = [row for row in trainings if row["passed"]]
    counted = passed[: rule.get("max_count", len(passed))]
    article, points = rule["article"], rule["millipoints"]
    return [
        _line((volunteer_id, row["day"], row["training_id"]), "training", article, points)
        for row in counted
    ]


def _honor_lines(volunteer_id: str, honors: list[Row], rule: Row | None) -> list[Row]:
    if rule is None:
        return []
    lines = []
    for row in honors:
        source = volunteer_id, row["day"], row["honor_id"]
        points = rule["millipoints"].get(row["level"], 0)
        lines.append(_line(source, "honor", rule["article"], points))
    if rule["count"] == "all" or not lines:
        return lines
    # max() keeps the first of equals, and the honors are in the order of (day, honor_id)
    return [max(lines, key=lambda line: int(line["millipoints"]))]


def _continuity_lines(
    volunteer_id: str, services: list[Row], rule: Row | None, year: int
) -> list[Row]:
    if rule is None:
        return []
    months = active_months(services, rule)
    for tier in rule["tiers"]:
        if months >= tier["months"]:
            source = volunteer_id, date(year, 12, 31), ""
            return [_line(source, "continuity", rule["article"], tier["millipoints"])]
    return []


def active_months(services: list[Row], rule: Row | None) -> int:
    if rule is None:
        return 0
    of_month: Counter[int] = Counter()
    for scored in services:
        of_month[scored["service"]["starts_at"].month] += scored["minutes"]
    return sum(of_month[month] >= rule["active_month_minutes"] for month in range(1, 13))


def _conduct_lines(volunteer_id: str, conducts: list[Row], rule: Row | None) -> list[Row]:
    if rule is None:
        return []
    lines = []
    for row in conducts:
        source = volunteer_id, row["day"], row["conduct_id"]
        points = -rule["millipoints"].get(row["kind"], 0)
        lines.append(_line(source, "conduct", rule["article"], points))
    return lines


# --- stars ---------------------------------------------------------------------------------------


def _result(volunteer: Row, known: Row, policy: Policy) -> Row:
    """One result row, rank and quota still to come; `_registered_on` is for the ranking only."""
    result = _measured(volunteer, known, policy)
    conducts = Counter(row["kind"] for row in known["own"]["conducts"])
    eligible = eligible_star(result, conducts, policy["stars"])
    levels = policy["stars"]["level"]
    gaps = [] if eligible == len(levels) else _gaps(result, conducts, policy["stars"], eligible)
    recorded = sum(row["minutes"] for row in known["own"]["services"])
    lifetime = (volunteer["prior_minutes"] or 0) + recorded
    thresholds = policy.get("lifetime", {}).get("minutes", [])
    return result | {
        "eligible_star": eligible,
        "star": eligible,
        "lifetime_star": sum(lifetime >= threshold for threshold in thresholds),
        "rank": 0,
        "short": ";".join(f"{name}:{missing}" for name, missing in gaps),
        "_registered_on": volunteer["registered_on"],
    }


def _measured(volunteer: Row, known: Row, policy: Policy) -> Row:
    """The columns that the requirements of the stars are held against."""
    joined = volunteer["registered_on"]
    return {
        "volunteer_id": volunteer["volunteer_id"],
        "community_id": volunteer["community_id"],
        "points": max(0, sum(line["millipoints"] for line in known["lines"])),
        "minutes": sum(scored["minutes"] for scored in known["services"]),
        "services": len(known["services"]),
        "ratings": len(known["scores"]),
        "mean_rating": mean_rating(known["scores"]),
        "trainings": sum(row["passed"] for row in known["own"]["trainings"]),
        "active_months": active_months(known["services"], policy.get("continuity")),
        "member_months": known["year"] * 12 + 12 - (joined.year * 12 + joined.month),
    }


def eligible_star(result: Row, conducts: Counter[str], rule: Row) -> int:
    """The highest level that holds together with every level below it."""
    star = 0
    while star < len(rule["level"]) and not _gaps(result, conducts, rule, star):
        star += 1
    return star


def _gaps(result: Row, conducts: Counter[str], rule: Row, index: int) -> list[tuple[str, int]]:
    """What is missing for `rule["level"][index]`, in the order of the policy's table."""
    level = rule["level"][index]
    gaps = [(name, level.get(name, 0) - result[name]) for name in ("points", "minutes")]
    if result["ratings"] >= rule.get("min_ratings", 1) and result["mean_rating"] is not None:
        gaps.append(("mean_rating", level.get("mean_rating", 0) - result["mean_rating"]))
    counts = ("trainings", "active_months", "member_months")
    gaps += [(name, level.get(name, 0) - result[name]) for name in counts]
    allowed = level.get("max_conduct", {})
    gaps += [(kind, conducts[kind] - allowed[kind]) for kind in CONDUCT_KINDS if kind in allowed]
    return [(name, missing) for name, missing in gaps if missing > 0]


def _give_stars(results: list[Row], policy: Policy) -> None:
    """Ranks each scope and lets the quotas act on it, in place."""
    scopes: dict[str, list[Row]] = defaultdict(list)
    by_community = policy["stars"].get("quota_scope", "community") == "community"
    for result in results:
        scopes[result["community_id"] if by_community else ""].append(result)
    for members in scopes.values():
        members.sort(key=_ranking)
        for position, member in enumerate(members, start=1):
            member["rank"] = position
        _apply_quotas(members, policy["stars"]["level"])
    for result in results:
        del result["_registered_on"]


def _ranking(result: Row) -> tuple[int, int, bool, int, date, str]:
    mean = result["mean_rating"]
    return (
        -result["points"],
        -result["minutes"],
        mean is None,
        -(mean or 0),
        result["_registered_on"],
        result["volunteer_id"],
    )


def _apply_quotas(ranked: list[Row], levels: list[Row]) -> None:
    for level in reversed(levels):
        if "quota_percent" not in level:
            continue
        candidates = [member for member in ranked if member["star"] == level["star"]]
        seats = len(ranked) * level["quota_percent"] // 100
        for member in candidates[seats:]:
            member["star"] -= 1
