"""What was audited was granted or refused: the same from every format that says it, and None from those that do not."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import orjson
import pytest

from graphcorr.model.records import FAILURE, SUCCESS
from graphcorr.sources.outcomes import read_outcome
from tests.sources.reads import read_bytes, read_path

GRANTED: Final = 0x8020_0000_0000_0000
REFUSED: Final = 0x8010_0000_0000_0000


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        (("0x8020000000000000",), SUCCESS),
        (("0x8010000000000000",), FAILURE),
        ((GRANTED,), SUCCESS),
        ((REFUSED,), FAILURE),
        # As NXLog and PowerShell write it, with a sign, and as a tool that counts in doubles rounds it.
        ((GRANTED - 2**64,), SUCCESS),
        ((REFUSED - 2**64,), FAILURE),
        ((str(REFUSED - 2**64),), FAILURE),
        ((9_227_875_636_482_147_000,), FAILURE),
        (("Audit Success",), SUCCESS),
        ((["Classic", "Audit Failure"],), FAILURE),
        (("AUDIT_FAILURE",), FAILURE),
        (("FailureAudit",), FAILURE),
        (("SuccessAudit",), SUCCESS),
        ((None, "failure"), FAILURE),
        (("unknown", ["Audit Success"]), SUCCESS),
        # No audit: a classic event, Sysmon's, and what says nothing.
        (("0x80000000000000",), None),
        (("0x8000000000000000",), None),
        ((0,), None),
        ((None, "-", "", "INFO", "Error", "Fehler", True, 1.5, {}, [None]), None),
    ],
)
def test_what_the_keywords_say(values: tuple[object, ...], outcome: str | None) -> None:
    assert read_outcome(*values) == outcome


@pytest.mark.parametrize(
    "value",
    [
        *("8010000000000000", "0x10000000000000", "10000000000000", str(REFUSED), "4503599627370496"),
        *(float(REFUSED), float(REFUSED) - 2.0**64, "9.22788e+18", "9227875636482146304.0", 16, "16", {"Keyword": "Audit Failure"}),
    ],
    ids=str,
)
def test_numbers_of_a_refusal_however_they_are_written(value: object) -> None:
    assert read_outcome(value) == FAILURE


@pytest.mark.parametrize("value", ["8020000000000000", str(GRANTED), "9007199254740992", float(GRANTED), "9.23238e+18", 8], ids=str)
def test_numbers_of_what_was_granted_however_they_are_written(value: object) -> None:
    assert read_outcome(value) == SUCCESS


@pytest.mark.parametrize(
    ("granted", "refused"),
    [
        ("Überwachung erfolgreich", "Überwachung gescheitert"),
        ("Erfolgsüberw.", "Fehlerüberw."),
        ("Succès de l’audit", "Échec de l’audit"),
        ("Auditoría correcta", "Error de auditoría"),
        ("Controllo riuscito", "Controllo non riuscito"),
        ("Êxito na Auditoria", "Falha na Auditoria"),
        ("Аудит успеха", "Аудит отказа"),
        ("成功の監査", "失敗の監査"),
        ("审核成功", "审核失败"),
        ("稽核成功", "稽核失敗"),
        ("감사 성공", "감사 실패"),
        ("Controle geslaagd", "Controle mislukt"),
        ("Inspekcja zakończona powodzeniem", "Inspekcja zakończona niepowodzeniem"),
        ("Úspěšný audit", "Neúspěšný audit"),
        ("Denetim Başarısı", "Denetim Başarısızlığı"),
        ("Granskning lyckades", "Granskning misslyckades"),
        ("Επιτυχία ελέγχου", "Αποτυχία ελέγχου"),
        ("نجاح التدقيق", "فشل التدقيق"),
        ("ביקורת מוצלחת", "ביקורת שנכשלה"),
        ("Auditare reușită", "Auditare nereușită"),
        ("Auditare cu succes", "Auditare cu eșec"),
        ("ตรวจสอบสำเร็จ", "การตรวจสอบล้มเหลว"),
        ("Аудит успіху", "Помилка аудиту"),
        ("Успешен одит", "Неуспешен одит"),
        ("Nadzor uspješan", "Nadzor neuspješan"),
        ("Uspešen nadzor", "Neuspešen nadzor"),
        ("Auditi õnnestumine", "Auditi nurjumine"),
        ("Audita sekmes", "Audita kļūme"),
        ("Audito sėkmė", "Audito nesėkmė"),
    ],
)
def test_words_in_the_languages_of_windows(granted: str, refused: str) -> None:
    assert (read_outcome(granted), read_outcome(refused)) == (SUCCESS, FAILURE)
    assert (read_outcome([granted.upper()]), read_outcome(["Classic", refused])) == (SUCCESS, FAILURE)


DATA: Final = {"ShareName": r"\\*\C$", "RelativeTargetName": "a.exe", "AccessMask": "0x2"}
PROVIDER: Final = "Microsoft-Windows-Security-Auditing"
HEADER: Final = {"EventID": 5145, "Channel": "Security", "Computer": "fs1.example.org", "EventRecordID": 7}
TIME: Final = "2024-03-05T09:14:02.1234567Z"


def xml(keywords: str) -> bytes:
    data = "".join(f"<Data Name='{name}'>{value}</Data>" for name, value in DATA.items())
    header = "".join(f"<{name}>{value}</{name}>" for name, value in {**HEADER, "Keywords": keywords}.items())
    system = f"<Provider Name='{PROVIDER}'/>{header}<TimeCreated SystemTime='{TIME}'/>"
    return f"<Event><System>{system}</System><EventData>{data}</EventData></Event>".encode()


WINLOG: Final = {
    "event_id": 5145,
    "provider_name": PROVIDER,
    "channel": "Security",
    "computer_name": "fs1.example.org",
    "record_id": 7,
    "event_data": DATA,
}
FLAT: Final = {"EventID": 5145, "SourceName": PROVIDER, "Hostname": "fs1.example.org", "EventTime": TIME, **DATA}
SYSTEM: Final = {**HEADER, "Provider": {"#attributes": {"Name": PROVIDER}}, "TimeCreated": {"#attributes": {"SystemTime": TIME}}}
VALUES: Final = [
    *("S-1-5-21-1", "eve", "CORP", "0x1a2b"),
    *("File", "10.0.0.5", "50123", r"\\*\C$", r"\??\C:", "a.exe", "0x2", "%%4417", "-"),
]
REFUSALS: Final[dict[str, object]] = {
    "winlogbeat": {"@timestamp": TIME, "winlog": WINLOG, "event": {"outcome": "failure"}},
    "winlogbeat without a pipeline": {"@timestamp": TIME, "winlog": {**WINLOG, "keywords": ["Audit Failure"]}},
    "winlogbeat with the dots in the keys": {"@timestamp": TIME, "winlog": WINLOG, "event.outcome": "failure"},
    "nxlog": {**FLAT, "Keywords": REFUSED - 2**64},
    "an event log's type": {**FLAT, "Type": "Audit Failure"},
    "get-eventlog": {**FLAT, "EntryType": 16},
    "a float of a converter": {**FLAT, "Keywords": float(REFUSED)},
    "security onion's wazuh": {"@timestamp": TIME, "winlog": {**WINLOG, "severityValue": "AUDIT_FAILURE"}},
    "nxlog's words": {**FLAT, "EventType": "AUDIT_FAILURE"},
    "evtx_dump": {"Event": {"System": {**SYSTEM, "Keywords": "0x8010000000000000"}, "EventData": DATA}},
    "velociraptor": {"System": {**SYSTEM, "Keywords": REFUSED}, "EventData": DATA},
    "evtxecmd": {
        "EventId": 5145,
        "Provider": PROVIDER,
        "Channel": "Security",
        "Computer": "fs1.example.org",
        "TimeCreated": TIME,
        "Keywords": "Audit failure",
        "Payload": orjson.dumps({"EventData": DATA}).decode(),
    },
    "powershell": {
        "Id": 5145,
        "ProviderName": PROVIDER,
        "LogName": "Security",
        "MachineName": "fs1.example.org",
        "TimeCreated": TIME,
        "Keywords": REFUSED - 2**64,
        "Properties": [{"Value": value} for value in VALUES],
    },
    "wazuh": {
        "data": {
            "win": {
                "system": {
                    "eventID": "5145",
                    "providerName": PROVIDER,
                    "channel": "Security",
                    "computer": "fs1.example.org",
                    "systemTime": TIME,
                    "keywords": "0x8010000000000000",
                },
                "eventdata": {name[:1].lower() + name[1:]: value for name, value in DATA.items()},
            }
        }
    },
    "splunk": {"result": {"_raw": xml("0x8010000000000000").decode()}},
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_one_in_every_shape(tmp_path: Path, name: str) -> None:
    (record,) = read_bytes(tmp_path, orjson.dumps(REFUSALS[name])).records
    assert (record.log, record.outcome) == ("security-5145", FAILURE)


@pytest.mark.parametrize(
    ("keywords", "outcome"), [("0x8010000000000000", FAILURE), ("0x8020000000000000", SUCCESS), ("0x8000000000000000", None)]
)
def test_xml_says_it_in_its_keywords(tmp_path: Path, keywords: str, outcome: str | None) -> None:
    (record,) = read_bytes(tmp_path, xml(keywords)).records
    assert record.outcome == outcome


def test_forwarded_events_say_it_in_words(tmp_path: Path) -> None:
    words = "<RenderingInfo><Keywords><Keyword>Échec de l'audit</Keyword></Keywords></RenderingInfo>".encode()
    content = xml("0x8000000000000000").replace(b"</Event>", words + b"</Event>")
    (record,) = read_bytes(tmp_path, content).records
    assert record.outcome == FAILURE


def test_a_format_that_drops_it_says_nothing(tmp_path: Path) -> None:
    (record,) = read_bytes(tmp_path, orjson.dumps(FLAT)).records
    assert record.outcome is None


def test_evtx_says_it_in_its_keywords(shared: Path) -> None:
    """Read by the typed decoder, every audit record of a real log says the same as its own text."""
    file = shared / "datasets/sbousseaden+EVTX-ATTACK-SAMPLES/Lateral Movement/LM_5145_Remote_FileCopy.evtx"
    records = read_path(file).records
    told = [orjson.loads(record.raw)["Event"]["System"]["Keywords"] for record in records]
    assert set(told) == {"0x8020000000000000"}
    assert [record.outcome for record in records] == [SUCCESS] * len(told)
