"""Tests of reading fact sets."""

from pathlib import Path


def office_fill_path() -> Path:
    """The script that drives LibreOffice; it runs in another Python, so it is not imported."""
    return Path(__file__).with_name("office_fill.py")
