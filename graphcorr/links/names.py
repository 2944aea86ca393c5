"""How paths and names of files are narrowed in SQL, before :mod:`graphcorr.syntax` compares them as Windows does."""

from __future__ import annotations


def folded(path: str) -> str:
    """SQL: a path or a name without what case and composition of letters make of it."""
    return f"lower(nfc_normalize({path}))"


def base_name_of(path: str) -> str:
    r"""SQL: the folded last part of a Windows path, without a stream."""
    last = f"split_part({path}, '\\', -1)"
    return f"split_part({folded(last)}, ':', 1)"
