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


@pytest.mark.parametrize(
    ("results", "outcome"),
    [
        ("%%1538:\r\n\t\t\t\t%%1804\r\n\t\t\t\t%%4416:\r\n\t\t\t\t%%1801\tD:(A;;0x1;;;WD)\r\n", "success"),
        ("%%1538:\r\n\t\t\t\t%%1804\r\n\t\t\t\t%%4417:\r\n\t\t\t\t%%1805\r\n", "failure"),
        ("%%4417: %%1802 D:(D;;FA;;;BU)", "failure"),
        ("%%4417: %%1809", None),
        ("-", None),
        (7, None),
    ],
)
def test_the_results_of_an_access_check_tell_its_outcome_where_the_header_does_not(results: object, outcome: str | None) -> None:
    fields = {"ShareName": "\\\\*\\C$", "RelativeTargetName": "Temp\\tool.exe", "AccessReason": results}
    assert read_own("security-5145", fields).get("outcome") == outcome
    for stated in ("success", "failure"):
        assert read_own("security-5145", fields, outcome=stated).get("outcome") == stated
