"""Two policies on the same facts: the matrix, who rises, who falls, and how it is told."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.points.assessed import assessed, loaded
from tests.points.by_hand import YEAR, Row, a_policy, a_volunteer, points_of
from zhiyuanhong.points.compare import Change, Community, Comparison, compare, told

Person = tuple[str, str, int, int]  # id, community, star, points


def results(people: list[Person]) -> pa.Table:
    names = ("volunteer_id", "community_id", "star", "points")
    columns = zip(*people, strict=True) if people else ((), (), (), ())
    types = (pa.string(), pa.string(), pa.int64(), pa.int64())
    arrays = [pa.array(list(c), t) for c, t in zip(columns, types, strict=True)]
    return pa.table(dict(zip(names, arrays, strict=True)))


A: list[Person] = [("甲", "东", 3, 70500), ("乙", "东", 0, 0), ("丙", "西街", 5, 160000)]
B: list[Person] = [("丙", "西街", 2, 40000), ("甲", "东", 4, 70500), ("乙", "东", 0, 1000)]


def test_who_rises_and_who_falls() -> None:
    comparison = compare(results(A), results(B))
    assert (comparison.volunteers, comparison.rises, comparison.falls) == (3, 1, 1)
    assert comparison.changes == (
        Change("甲", "东", 3, 4, 70500, 70500),
        Change("丙", "西街", 5, 2, 160000, 40000),
    )
    assert comparison.matrix[3][4] == comparison.matrix[5][2] == comparison.matrix[0][0] == 1


def test_what_becomes_of_a_community() -> None:
    assert compare(results(A), results(B)).communities == (
        Community("东", 2, 70500, 71500, 1, 1),
        Community("西街", 1, 160000, 40000, 1, 1),
    )


def test_a_comparison_is_told_in_columns() -> None:
    assert list(told(compare(results(A), results(B)))) == [
        "参评 3 人：升星 1 人，降星 1 人，其余不变。",
        "",
        "星级变化（行：甲办法，列：乙办法）",
        "      无星  一星  二星  三星  四星  五星",
        "无星     1     0     0     0     0     0",
        "一星     0     0     0     0     0     0",
        "二星     0     0     0     0     0     0",
        "三星     0     0     0     0     1     0",
        "四星     0     0     0     0     0     0",
        "五星     0     0     1     0     0     0",
        "",
        "各社区积分与有星人数",
        "社区  人数  积分甲  积分乙  有星甲  有星乙",
        "  东     2    70.5    71.5       1       1",
        "西街     1     160      40       1       1",
        "",
        "升星（1 人）",
        "  甲（社区 东）：三星 → 四星，70.5 → 70.5 分",
        "",
        "降星（1 人）",
        "  丙（社区 西街）：五星 → 二星，160 → 40 分",
    ]


def test_wide_narrow_and_combined_characters_stay_in_their_columns() -> None:
    people: list[Person] = [("a", "𠮷😀", 1, 1), ("b", "ｱe\u0301xx", 1, 1), ("c", "Ａ1-", 1, 1)]
    lines = list(told(compare(results(people), results(people))))
    start = lines.index("各社区积分与有星人数") + 2
    assert {line[: line.index(" ", 1)].strip() for line in lines[start:]} == {
        "𠮷😀",
        "ｱe\u0301xx",
        "Ａ1-",
    }
    assert all(line.endswith("     1   0.001   0.001       1       1") for line in lines[start:])


def test_a_long_list_is_cut_and_says_so() -> None:
    before: list[Person] = [(f"v{n:02}", "c", 1, 1000) for n in range(25)]
    after: list[Person] = [(name, community, 2, 2000) for name, community, _, _ in before]
    lines = list(told(compare(results(before), results(after))))
    assert "升星（25 人）" in lines
    assert sum(line.startswith("  v") for line in lines) == 20
    assert lines[-1] == "  ……另有 5 人，用 --out 可得到全部名单。"
    assert not any(line.startswith("降星（") for line in lines)


def test_nobody_at_all() -> None:
    comparison = compare(results([]), results([]))
    assert (comparison.volunteers, comparison.changes, comparison.communities) == (0, (), ())
    assert next(told(comparison)) == "参评 0 人：升星 0 人，降星 0 人，其余不变。"


STARS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from("甲乙丙")))


@given(STARS)
@settings(max_examples=40, deadline=None)
def test_the_matrix_counts_everyone_once(stars: list[tuple[int, int, str]]) -> None:
    a = [(f"v{n}", place, star, star * 1000) for n, (star, _, place) in enumerate(stars)]
    b = [(f"v{n}", place, star, star * 999) for n, (_, star, place) in enumerate(stars)]
    comparison: Comparison = compare(results(a), results(b))
    assert comparison.volunteers == len(stars)
    assert comparison.rises + comparison.falls == len(comparison.changes)
    for star in range(6):
        assert sum(comparison.matrix[star]) == sum(before == star for before, _, _ in stars)
        assert sum(row[star] for row in comparison.matrix) == sum(b == star for _, b, _ in stars)
    assert sum(place.volunteers for place in comparison.communities) == len(stars)
    assert sum(place.points_a for place in comparison.communities) == sum(
        a * 1000 for a, _, _ in stars
    )
    assert sum(place.starred_b for place in comparison.communities) == sum(
        b > 0 for _, b, _ in stars
    )


def test_two_real_policies() -> None:
    def policy(points: int) -> Row:
        return a_policy(stars={"article": "x", "level": [{"star": 1, "points": points}]})

    tables = {
        "volunteers": [a_volunteer("a"), a_volunteer("b")],
        "adjustments": [points_of("a", 1500)],
    }
    easy, hard = (assessed(tables, loaded(policy(n)), YEAR).results for n in (1000, 2000))
    assert compare(easy, hard).changes == (Change("a", "c", 1, 0, 1500, 1500),)
    assert compare(hard, easy).rises == 1
