"""Two policies on the same facts: who rises, who falls, and what becomes of each community."""

from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

import duckdb
import pyarrow as pa

from zhiyuanhong.points.figures import points_text, star_text

STARS = range(6)


@dataclass(frozen=True)
class Community:
    """What two policies give a community: millipoints and volunteers with a star, under each."""

    community_id: str
    volunteers: int
    points_a: int
    points_b: int
    starred_a: int
    starred_b: int


@dataclass(frozen=True)
class Change:
    """A volunteer whose star differs."""

    volunteer_id: str
    community_id: str
    star_a: int
    star_b: int
    points_a: int
    points_b: int


@dataclass(frozen=True)
class Comparison:
    """`matrix[a][b]` counts volunteers with star a under A and b under B."""

    matrix: tuple[tuple[int, ...], ...]
    changes: tuple[Change, ...]
    communities: tuple[Community, ...]

    @property
    def rises(self) -> int:
        return sum(self.matrix[a][b] for a in STARS for b in STARS if b > a)

    @property
    def falls(self) -> int:
        return sum(self.matrix[a][b] for a in STARS for b in STARS if b < a)

    @property
    def volunteers(self) -> int:
        return sum(map(sum, self.matrix))


def compare(results_a: pa.Table, results_b: pa.Table) -> Comparison:
    """Compare the results of two policies for the same facts and year."""
    with duckdb.connect() as connection:
        connection.register("a", results_a)
        connection.register("b", results_b)
        connection.execute(
            "CREATE TEMP TABLE pairs AS SELECT a.volunteer_id, a.community_id, "
            "a.star AS star_a, b.star AS star_b, a.points AS points_a, b.points AS points_b "
            "FROM a JOIN b USING (volunteer_id)"
        )
        return Comparison(_matrix(connection), _changes(connection), _communities(connection))


def _matrix(connection: duckdb.DuckDBPyConnection) -> tuple[tuple[int, ...], ...]:
    query = "SELECT star_a, star_b, count(*) FROM pairs GROUP BY ALL"
    counts = {(a, b): count for a, b, count in connection.execute(query).fetchall()}
    return tuple(tuple(counts.get((a, b), 0) for b in STARS) for a in STARS)


def _changes(connection: duckdb.DuckDBPyConnection) -> tuple[Change, ...]:
    query = (
        "SELECT volunteer_id, community_id, star_a, star_b, points_a, points_b FROM pairs "
        "WHERE star_a <> star_b ORDER BY star_b - star_a DESC, volunteer_id"
    )
    return tuple(Change(*row) for row in connection.execute(query).fetchall())


def _communities(connection: duckdb.DuckDBPyConnection) -> tuple[Community, ...]:
    query = (
        "SELECT community_id, count(*), sum(points_a)::BIGINT, sum(points_b)::BIGINT, "
        "count(*) FILTER (star_a > 0), count(*) FILTER (star_b > 0) "
        "FROM pairs GROUP BY ALL ORDER BY community_id"
    )
    return tuple(Community(*row) for row in connection.execute(query).fetchall())


def told(comparison: Comparison, *, most: int = 20) -> Iterator[str]:
    """Tell a comparison as lines of text; at most so many risers and fallers by name."""
    yield (
        f"参评 {comparison.volunteers} 人：升星 {comparison.rises} 人，"
        f"降星 {comparison.falls} 人，其余不变。"
    )
    yield ""
    yield "星级变化（行：甲办法，列：乙办法）"
    yield from _grid(
        ["", *map(star_text, STARS)],
        [[star_text(star), *map(str, comparison.matrix[star])] for star in STARS],
    )
    yield ""
    yield "各社区积分与有星人数"
    yield from _grid(
        ["社区", "人数", "积分甲", "积分乙", "有星甲", "有星乙"],
        [_community_cells(community) for community in comparison.communities],
    )
    yield from _listed("升星", [c for c in comparison.changes if c.star_b > c.star_a], most)
    yield from _listed("降星", [c for c in comparison.changes if c.star_b < c.star_a], most)


def _community_cells(community: Community) -> list[str]:
    return [
        community.community_id,
        str(community.volunteers),
        points_text(community.points_a),
        points_text(community.points_b),
        str(community.starred_a),
        str(community.starred_b),
    ]


def _listed(title: str, changes: list[Change], most: int) -> Iterator[str]:
    if not changes:
        return
    yield ""
    yield f"{title}（{len(changes)} 人）"
    for change in changes[:most]:
        yield (
            f"  {change.volunteer_id}（社区 {change.community_id}）："
            f"{star_text(change.star_a)} → {star_text(change.star_b)}，"
            f"{points_text(change.points_a)} → {points_text(change.points_b)} 分"
        )
    if len(changes) > most:
        yield f"  ……另有 {len(changes) - most} 人，用 --out 可得到全部名单。"


def _grid(heads: list[str], rows: list[list[str]]) -> Iterator[str]:
    widths = [max(map(_width, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        cells = (_padded(cell, width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Count the columns a text takes on a terminal, where a Chinese character takes two."""
    return sum(
        2 if east_asian_width(character) in "WF" else 1
        for character in text
        if not combining(character)
    )


def _padded(text: str, width: int) -> str:
    return " " * (width - _width(text)) + text
