"""Files that are there whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from zhiyuanhong.shared.refusals import RuleBroken


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A name to write under; it becomes `path` at the end, and is gone after a failure."""
    unfinished = path.with_name(f".{uuid4().hex}{path.suffix}")
    try:
        unfinished.touch()  # asks for leave to write before any work is done
        yield unfinished
        unfinished.replace(path)
    except OSError as error:
        raise RuleBroken(
            "cannot_write",
            f"写不了“{path.name}”：请检查文件夹是否存在、可写，文件是否正被别的程序打开。",
        ) from error
    finally:
        with suppress(OSError):  # also where a file stands in the place of a folder
            unfinished.unlink()
