"""The secret key of this installation, made once and kept where only its owner reads it."""

import os
import secrets
from pathlib import Path

from zhiyuanhong.shared.refusals import RuleBroken


def kept_secret(path: Path) -> str:
    """Return the key in `path`; make it, mode 0600, when there is none."""
    if not path.exists():
        _create(path)
    secret = path.read_text(encoding="ascii").strip()
    if not secret:
        raise RuleBroken("secret_empty", f"密钥文件 {path.name} 是空的：请删除它后重新启动。")
    return secret


def _create(path: Path) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        path.hardlink_to(
            part
        )  # unlike a rename, never replaces the key of a process that was first
    except FileExistsError:
        pass
    finally:
        part.unlink()
