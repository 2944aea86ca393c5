"""What an account of a monitor's record has to be called before it is said to have logged on."""

from __future__ import annotations

import duckdb
import pytest

from graphcorr.logs.claims import AUTHENTICATES

_DIGEST = "0123456789abcdef" * 4


def believed(account: str, domain: str | None = "CORP", *, success: bool | None = True) -> bool:
    row = "SELECT 'C1' AS uid, ?::VARCHAR AS target_user, ?::VARCHAR AS target_user_domain, ?::BOOLEAN AS success"
    [(held,)] = duckdb.execute(f"SELECT coalesce({AUTHENTICATES.when}, FALSE) FROM ({row})", [account, domain, success]).fetchall()
    return bool(held)


@pytest.mark.parametrize("account", ["j.doe", "svc_backup$", "100234", "deadbeef-svc", "Zoë", "administrator@corp.example", _DIGEST[:31]])
def test_a_name_that_somebody_may_have_logged_on_as(account: str) -> None:
    assert believed(account)
    assert believed(account, None)
    assert not believed(account, success=False)


@pytest.mark.parametrize(
    "name",
    [
        "0x3e7",
        "1.5",
        "-1",
        "%%1842",
        "10.0.0.7",
        r"C:\Windows",
        "a|b",
        "{0f1e2d3c-1234-5678-9abc-def012345678}",
        "0f1e2d3c-1234-5678-9abc-def012345678",
        _DIGEST[:32],
        _DIGEST[:40],
        _DIGEST,
    ],
)
def test_what_no_account_and_no_domain_is_called(name: str) -> None:
    assert not believed(name)
    assert not believed("j.doe", name)
