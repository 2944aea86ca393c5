"""How paths and names of files are narrowed in SQL, before :mod:`graphcorr.syntax` compares them as Windows does."""

from __future__ import annotations


def folded(path: str) -> str:
    """SQL: a path or a name without what case and composition of letters make of it."""
    return f"lower(nfc_normalize({path}))"


def base_name_of(path: str) -> str:
    r"""SQL: the folded last part of a Windows path, without a stream."""
    last = f"split_part({path}, '\\', -1)"
    return f"split_part({folded(last)}, ':', 1)"


def account_key(account: str, domain: str) -> str:
    r"""SQL: an account as it is compared, of its name and its domain: CORP\alice, CORP.EXAMPLE\alice and alice@corp.example are one."""
    realm = f"CASE WHEN contains({account}, '@') THEN split_part({account}, '@', 2) ELSE coalesce({domain}, '') END"
    return rf"lower(concat_ws('\', nullif(split_part({realm}, '.', 1), ''), split_part({account}, '@', 1)))"


def whole_account_key(account: str) -> str:
    r"""SQL: the same of an account that has its domain in front: ``CORP\alice``. NULL stays NULL."""
    name = rf"split_part({account}, '\', -1)"
    domain = rf"CASE WHEN contains({account}, '\') THEN split_part({account}, '\', 1) END"
    return f"CASE WHEN {account} IS NOT NULL THEN {account_key(name, domain)} END"
