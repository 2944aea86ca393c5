"""Keys of events: equal for one event wherever it lies, different for everything else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graphcorr.logs.keys import keys_of
from graphcorr.model.records import Record
from tests.logs.records import columns, make

HEADER = {"computer": "SRV01.corp.example", "channel": "Security", "record_id": 933026}


def key(**header: object) -> object:
    return columns(make("security-4624", {"TargetUserName": "u"}, **(HEADER | header)))["id"]


def test_one_event_has_one_key_wherever_it_lies() -> None:
    assert key(number=1, raw=b'{"a": 1}') == key(number=99, raw=b"<Event/>")


def test_names_are_folded() -> None:
    assert key(computer="srv01.CORP.example", channel="security") == key()


def test_a_format_without_channel_gives_the_same_key() -> None:
    assert key(channel=None) == key()


def test_whatever_tells_events_apart_changes_the_key() -> None:
    others = [
        key(computer="SRV02.corp.example"),
        key(channel="ForwardedEvents"),
        key(record_id=933027),
        key(created="2021-03-04T05:06:07.123457Z"),
        columns(make("security-4648", {"TargetUserName": "u"}, **HEADER))["id"],
    ]
    assert len({key(), *others}) == len(others) + 1


def test_without_a_record_id_the_content_decides() -> None:
    assert key(record_id=None, raw=b"a") == key(record_id=None, raw=b"a", number=2, computer="other")
    assert key(record_id=None, raw=b"a") != key(record_id=None, raw=b"b")


def test_a_record_id_without_a_computer_tells_nothing() -> None:
    assert key(computer=None, raw=b"a") != key(computer=None, raw=b"b")


def test_a_sysmon_event_has_one_key_in_flat_json_and_in_evtx() -> None:
    fields: dict[str, object] = {"UtcTime": "2020-09-22 18:53:07.442", "Image": "C:\\x.exe"}
    flat = make("sysmon-1", fields, **HEADER | {"created": None, "event_time": "2020-09-22 14:53:07"})
    evtx = make("sysmon-1", fields, **HEADER | {"created": "2020-09-22T18:53:07.450123Z"})
    assert columns(flat)["id"] == columns(evtx)["id"]


_RECORDS = st.lists(
    st.builds(
        lambda computer, number, raw: Record("security-4624", 1, raw, {}, computer, "Security", number),
        st.sampled_from([None, "a", "B", "b"]),
        st.one_of(st.none(), st.integers(0, 3)),
        st.binary(max_size=2),
    ),
    max_size=20,
)


def keys(records: list[Record]) -> list[str]:
    return keys_of(
        [record.raw for record in records],
        [5] * len(records),
        computers=[record.computer for record in records],
        channels=[record.channel for record in records],
        record_ids=[record.record_id for record in records],
        event=(4624, "security"),
    )


@given(_RECORDS)
def test_keys_do_not_depend_on_neighbors(records: list[Record]) -> None:
    together = keys(records)
    alone = [keys([record])[0] for record in records]
    assert together == alone
    assert {len(found) for found in together} <= {32}
