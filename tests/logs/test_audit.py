"""Security 4719 by hand: the datasets have none."""

from __future__ import annotations

import pytest

from tests.logs.records import read_own

LOGGED: dict[str, object] = {
    "SubjectUserSid": "S-1-5-18",
    "SubjectUserName": "TARGET$",
    "SubjectDomainName": "CORP",
    "SubjectLogonId": "0x3e7",
    "CategoryId": "%%8276",
    "SubcategoryId": "%%13312",
    "SubcategoryGuid": "{0CCE922B-69AE-11D9-BED3-505054503030}",
    "AuditPolicyChanges": "%%8448, %%8450",
}


def test_a_change_says_what_it_is_about() -> None:
    assert read_own("security-4719", LOGGED) == {
        "user": "TARGET$",
        "user_domain": "CORP",
        "user_sid": "S-1-5-18",
        "logon_id": "0x3e7",
        "action": "0cce922b-69ae-11d9-bed3-505054503030 %%8448, %%8450",
    }


@pytest.mark.parametrize(
    "absent", [{"SubcategoryGuid": "-"}, {"AuditPolicyChanges": "-"}, {"AuditPolicyChanges": None}, {"SubcategoryGuid": 7}]
)
def test_half_of_it_says_nothing(absent: dict[str, object]) -> None:
    assert "action" not in read_own("security-4719", LOGGED | absent)
