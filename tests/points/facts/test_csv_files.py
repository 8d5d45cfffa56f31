"""CSV: what a clerk's or a program's export may look like, and what is refused."""

from pathlib import Path

import pytest

from tests.points.facts.readers import bad_rows, read, refusal

VOLUNTEERS = "volunteer_id,community_id,registered_on,prior_minutes\n"
SERVICES = (
    "service_id,volunteer_id,team,starts_at,ends_at,minutes,emergency,skilled,leader,status\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "services.csv").write_text(SERVICES)
    return tmp_path


def volunteers(folder: Path, text: str | bytes) -> list[tuple[object, ...]]:
    content = text if isinstance(text, bytes) else text.encode()
    (folder / "volunteers.csv").write_bytes(content)
    return [(row[0], row[1], str(row[2]), row[3]) for row in read(folder)["volunteers"]]


def test_order_of_columns_is_free_and_unknown_ones_are_passed_over(folder: Path) -> None:
    text = "note,注册日期, community_id ,ＶＯＬ,志愿者编号\nx,2020-01-02,c,y,v\n"
    assert volunteers(folder, text) == [("v", "c", "2020-01-02", None)]


def test_chinese_file_names(folder: Path) -> None:
    (folder / "志愿者.csv").write_text(VOLUNTEERS + "v,c,2020-01-02,5\n")
    assert read(folder)["volunteers"][0][0] == "v"


def test_full_width_counts_as_plain_except_in_ids(folder: Path) -> None:
    text = VOLUNTEERS + "\u3000Ｖ 0１ x\xa0,ａ,２０２０－０１－０２,＋１２\u2009\n"
    assert volunteers(folder, text) == [("Ｖ 0１ x", "ａ", "2020-01-02", 12)]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_marks_and_quotes(ends: str, mark: str, folder: Path) -> None:
    rows = ['"volunteer_id",community_id,registered_on', '"a,""b""",c,2020-01-02', "d,c,2020-01-02"]
    found = volunteers(folder, mark + ends.join(rows))
    assert [row[0] for row in found] == ['a,"b"', "d"]


def test_line_ends_may_be_mixed(folder: Path) -> None:
    text = VOLUNTEERS + "a,c,2020-01-02,\r\nb,c,2020-01-02,\nc,c,2020-01-02,\r\n"
    assert [row[0] for row in volunteers(folder, text)] == ["a", "b", "c"]


def test_empty_rows_are_no_rows_but_count(folder: Path) -> None:
    (folder / "volunteers.csv").write_text(VOLUNTEERS + ",,,\nv,c,,\n ,\u3000,,\nw,c,,\n")
    assert bad_rows(folder) == [
        ("volunteers", 2, "registered_on", "required_empty"),
        ("volunteers", 4, "registered_on", "required_empty"),
    ]


def test_wildcards_in_a_path_mean_themselves(folder: Path) -> None:
    inner = folder / "数据[1]*?"
    inner.mkdir()
    (inner / "services.csv").write_text(SERVICES)
    assert volunteers(inner, VOLUNTEERS + "v,c,2020-01-02,\n")[0][0] == "v"


@pytest.mark.parametrize("number", ["0", "-5", "+7", "0000000000000000000000000000000000000000012"])
def test_integers(number: str, folder: Path) -> None:
    assert volunteers(folder, f"{VOLUNTEERS}v,c,2020-01-02,{number}\n")[0][3] == int(number)


@pytest.mark.parametrize("text", ["1e3", "1_0", "0x1", "1.", "٣", "inf", "9" * 40, "1 0", "--1"])
def test_what_is_no_integer(text: str, folder: Path) -> None:
    (folder / "volunteers.csv").write_text(f"{VOLUNTEERS}v,c,2020-01-02,{text}\n")
    assert bad_rows(folder) == [("volunteers", 1, "prior_minutes", "wrong_type")]


@pytest.mark.parametrize(
    "text",
    [
        "epoch",
        "infinity",
        "2020-1-02",
        "0000-01-01",
        "2020/01/02",
        "2020-01-02 00:00",
        "20200102",
        "10000-1-1",
        "-020-01-02",
        "2020-02-30",
    ],
)
def test_what_is_no_date(text: str, folder: Path) -> None:
    (folder / "volunteers.csv").write_text(f"{VOLUNTEERS}v,c,{text},\n")
    assert bad_rows(folder) == [("volunteers", 1, "registered_on", "wrong_type")]


def test_gbk_is_named_with_a_way_out(folder: Path) -> None:
    (folder / "volunteers.csv").write_bytes((VOLUNTEERS + "张,社区,2020-01-02,\n").encode("gbk"))
    refused = refusal(folder)
    assert refused.code == "encoding"
    assert "volunteers.csv" in refused.message
    assert "CSV UTF-8" in refused.message


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        ("v,c,2020-01-02", "第 3 行（表头为第 1 行）有 3 列，表头却有 4 列"),
        ("v,c,2020-01-02,,x", "第 3 行（表头为第 1 行）有 5 列，表头却有 4 列"),
        ('v,"c,2020-01-02,', "引号没有成对"),
    ],
)
def test_a_broken_row_is_named(row: str, cause: str, folder: Path) -> None:
    (folder / "volunteers.csv").write_text(f"{VOLUNTEERS}u,c,2020-01-02,\n{row}\n")
    refused = refusal(folder)
    assert refused.code == "csv_broken"
    assert cause in refused.message


@pytest.mark.parametrize("text", ["", "\n", "\ufeff"])
def test_an_empty_file_lacks_its_columns(text: str, folder: Path) -> None:
    (folder / "volunteers.csv").write_text(text)
    assert refusal(folder).code == "column_missing"


def test_a_missing_column_is_named_in_both_languages(folder: Path) -> None:
    (folder / "volunteers.csv").write_text("volunteer_id,registered_on\n")
    refused = refusal(folder)
    assert refused.code == "column_missing"
    for name in ("志愿者", "volunteers", "社区编号", "community_id"):
        assert name in refused.message


def test_two_columns_that_mean_the_same(folder: Path) -> None:
    (folder / "volunteers.csv").write_text("志愿者编号," + VOLUNTEERS)
    refused = refusal(folder)
    assert refused.code == "column_twice"
    assert "志愿者编号" in refused.message


def test_two_files_that_mean_the_same(folder: Path) -> None:
    (folder / "volunteers.csv").write_text(VOLUNTEERS)
    (folder / "志愿者.csv").write_text(VOLUNTEERS)
    assert refusal(folder).code == "table_twice"


def test_a_missing_table_is_named_in_both_languages(folder: Path) -> None:
    refused = refusal(folder)
    assert refused.code == "table_missing"
    assert "志愿者" in refused.message
    assert "volunteers" in refused.message


def test_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    assert refusal(tmp_path / "nowhere").code == "facts_missing"
    assert refusal(tmp_path / "notes.txt").code == "facts_format"
    assert refusal(tmp_path).code == "table_missing"
