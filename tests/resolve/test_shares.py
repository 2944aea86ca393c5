"""Which folder a share is."""

from __future__ import annotations

import pytest

from graphcorr.resolve.shares import ShareFolder, share_host, share_name
from tests.findings.logs import OTHER, TARGET, Logs


@pytest.mark.parametrize(
    ("share", "name", "host"),
    [
        (r"\\*\C$", "C$", None),
        (r"\\SRV\data", "data", "SRV"),
        (r"\\10.0.0.9\ADMIN$\ "[:-1], "ADMIN$", "10.0.0.9"),
        ("data", "data", None),
        (None, None, None),
    ],
)
def test_parts_of_a_share(share: str | None, name: str | None, host: str | None) -> None:
    assert (share_name(share), share_host(share)) == (name, host)


def test_what_a_host_says_of_its_share_wins_and_is_its_own() -> None:
    logs = Logs().security_5140("09:00:00", share="Data", folder=r"\??\D:\shares").security_5140("09:00:00", folder=r"\??\D:\Windows")
    with logs.projection() as projection:
        shares = projection.identity.shares
        assert shares.folder(TARGET, "DATA") == ShareFolder(r"\??\D:\shares", assumed=False)
        assert shares.folder(TARGET, "ADMIN$") == ShareFolder(r"\??\D:\Windows", assumed=False)
        assert shares.folder(OTHER, "DATA") is None
        assert shares.folder(OTHER, "ADMIN$") == ShareFolder(r"C:\Windows", assumed=True)
        assert shares.folder(None, "d$") == ShareFolder("D:\\", assumed=True)


def test_of_contradicting_statements_the_most_frequent_wins() -> None:
    logs = Logs().security_5140("09:00:00", share="data", folder=r"\??\Z:\once")
    for second in range(2):
        logs.security_5140(f"08:00:0{second}", share="data", folder=r"\??\D:\twice")
    with logs.projection() as projection:
        assert projection.identity.shares.folder(TARGET, "data") == ShareFolder(r"\??\D:\twice", assumed=False)
