"""Mappings of the user's: what may stand in one, what each kind of row becomes, and what is wrong by file and key."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from graphcorr.errors import ConfigError
from graphcorr.logs.batch import normalize
from graphcorr.logs.catalog import log_types, wanted
from graphcorr.logs.mapped_reading import fields_of
from graphcorr.logs.mapping_files import load_mappings, targets
from graphcorr.model.kinds import Kind
from graphcorr.model.records import Record
from graphcorr.sources.base import Context
from tests.conftest import REPOSITORY
from tests.logs.records import read_own
from tests.sources.reads import ignore

HEAD: Final = 'files = "a*.csv"\n[time]\ncolumn = "At"\nzone = "UTC"\n'
EVENT: Final = '[[event]]\nis = "process_start"\ncolumns = { Host = "computer", Image = "image" }\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "acme.toml"
    path.write_text(text, encoding="utf-8")
    return path


def read_rows(path: Path, *rows: dict[str, object]) -> list[Record | None]:
    (mapping,) = load_mappings([path])
    context = Context(wanted(mappings=[mapping]), "a.csv", ignore)
    return [mapping.read({"At": "2026-03-02 09:14:03", **row}, b"{}", number, context) for number, row in enumerate(rows, 1)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("files = 1", "Expected `str | array`, got `int` - at `files`"),
        ("a = ", "Invalid value (at end of document)"),
        (EVENT, "Object missing required field `time`"),
        ('[time]\ncolumn = "At"\n' + EVENT, "files: say which files it is for, by name, or by the columns that their rows have"),
        ("event = []\n" + HEAD, "event: say of at least one kind of row what it is"),
        (HEAD + "offset = 2\n" + EVENT, "Object contains unknown field `offset` - at `time`"),
        (HEAD + 'unit = "min"\n' + EVENT, "Invalid enum value 'min' - at `time.unit`"),
        (HEAD.replace("UTC", "Atlantis/Mu") + EVENT, "time.zone: 'Atlantis/Mu' is no zone that this system knows"),
        (HEAD.replace("UTC", "localtime") + EVENT, "time.zone: 'localtime' is no zone that this system knows"),
        (HEAD.replace("UTC", "Factory") + EVENT, "time.zone: 'Factory' is no zone that this system knows"),
        (HEAD + 'format = "%Y%Y"\n' + EVENT, "time.format: '%Y%Y' is no format that a time can be read by: redefinition of group name"),
        (HEAD + 'format = "%Y %Q"\n' + EVENT, "time.format: '%Y %Q' is no format that a time can be read by: "),
        (HEAD.replace("UTC", "+25:00") + EVENT, "time.zone: '+25:00' is no zone that this system knows"),
        (HEAD + EVENT.replace("process_start", "process"), "event[1].is: 'process' is no event; there are alert, connection, "),
        (HEAD + EVENT.replace('"image"', '"picture"'), "event[1].columns: process_start has no picture; it has computer, image, pid, "),
        (HEAD + EVENT + 'constants = { share = "C$" }\n', "event[1].constants: process_start has no share; it has computer, "),
        (HEAD + '[columns]\nX = "picture"\n' + EVENT, "columns: none of these events has picture; they have command_line, computer, "),
        (HEAD + '[columns]\nImage = "imgae"\n[[event]]\nis = "process_start"\n', "columns: none of these events has imgae; they have "),
        (HEAD + "[constants]\npicture = 1\n" + EVENT, "constants: none of these events has picture; they have "),
        (HEAD + EVENT.replace('Host = "computer", ', ""), "event[1]: process_start needs computer, and no column or constant gives it"),
        (HEAD + EVENT.replace('"image"', '"pid"'), "event[1]: process_start needs image or command_line, and no column"),
        (HEAD + EVENT.replace("process_start", "file_write"), "event[1]: file_write needs path, and no column or constant gives it"),
        (HEAD + EVENT.replace('"computer"', '["computer", "image"]'), "event[1].columns.Image: image stands in Host already"),
        (HEAD + EVENT.replace('"computer"', "1"), "event[1].columns.Host: 1 is not the name of a field"),
        (HEAD + EVENT + "when = { Type = [] }\n", "event[1].when: [] is no value of a column, and no list of such"),
        (HEAD + EVENT + "when = { Type = [1.5, {}] }\n", "is no value of a column, and no list of such"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_file_and_key(tmp_path: Path, text: str, reason: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as raised:
        load_mappings([path])
    assert str(raised.value).startswith(f"{path}: ")
    assert reason in str(raised.value)


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: No such file or directory"):
        load_mappings([tmp_path / "none.toml"])
    (tmp_path / "latin.toml").write_bytes(b'files = "\xe9"')
    with pytest.raises(ConfigError, match=r"latin\.toml: 'utf-8' codec"):
        load_mappings([tmp_path / "latin.toml"])


def test_what_stands_with_an_event_stands_before_what_stands_above(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        HEAD + '[columns]\nHost = ["computer", "parent_image"]\nA = "image"\nagent.name = "user"\n'
        '[constants]\npid = 7\nuser_sid = "S-1-5-18"\n'
        '[[event]]\nis = "process_start"\nwhen = { Type = "own" }\ncolumns = { B = "image" }\nconstants = { pid = 8 }\n'
        '[[event]]\nis = "process_end"\nwhen = { Type = ["end", 5, true] }\ncolumns = { P = "pid" }\n'
        '[[event]]\nis = "nothing"\nwhen = { Type = "beat" }\n',
    )  # fmt: skip
    row: dict[str, object] = {"Host": "h", "A": "a.exe", "B": "b.exe", "P": "9", "agent": {"name": "otto"}}
    own, *ends, beat = read_rows(path, *(row | {"Type": value} for value in ("own", "end", 5, True, "beat")))
    assert own is not None
    assert (own.log, own.computer, own.collector) == ("mapped-process-start", "h", None)
    assert own.fields == {"parent_image": "h", "image": "b.exe", "user": "otto", "pid": 8, "user_sid": "S-1-5-18"}
    for end in ends:
        assert end is not None
        assert (end.log, end.fields) == ("mapped-process-end", {"image": "a.exe", "user": "otto", "pid": "9", "user_sid": "S-1-5-18"})
    assert beat is None


def test_a_monitor_is_no_machine_that_speaks(tmp_path: Path) -> None:
    named = '[[event]]\nis = "flow"\ncolumns = {{ S = "source_address", D = "target_address"{} }}\n'
    path = written(tmp_path, HEAD + named.format(', F = "computer"'))
    (record,) = read_rows(path, {"S": "10.9.0.5", "D": "10.9.0.8", "F": "wall"})
    assert record is not None
    assert (record.computer, record.collector, record.log) == (None, "wall", "mapped-flow")
    bare = written(tmp_path, HEAD + named.format(""))
    assert [one and one.collector for one in read_rows(bare, {"S": "10.9.0.5", "D": "10.9.0.8"})] == [None]


ROWS: Final[dict[str, tuple[dict[str, object], dict[str, object]]]] = {
    "alert": ({"alert": "Bad", "severity": "high"}, {"alert": "Bad", "severity": "high"}),
    "connection": (
        {"source_address": "::ffff:10.9.0.5", "target_address": "10.9.0.8", "target_port": "445", "initiated": "no"},
        {"source_address": "10.9.0.5", "target_address": "10.9.0.8", "target_port": 445, "initiated": False},
    ),
    "file_removal": ({"path": "C:\\x.exe", "sha1": "cd" * 20}, {"path": "C:\\x.exe", "hashes": "SHA1=" + "CD" * 20}),
    "file_write": (
        {"path": "C:\\x.exe", "source_address": "10.9.0.5", "target_user": "WERK\\otto", "share": "C$", "image": "-"},
        {
            "path": "C:\\x.exe",
            "source_address": "10.9.0.5",
            "target_user": "otto",
            "target_user_domain": "WERK",
            "share": "\\\\*\\C$",
        },
    ),
    "flow": ({"source_address": "10.9.0.5", "target_address": "10.9.0.8", "target_port": 0},) * 2,
    "logon": (
        {"target_user": "otto@werk.example", "logon_type": "3", "success": "true", "source_port": "0"},
        {"target_user": "otto", "target_user_domain": "werk.example", "logon_type": 3, "success": True},
    ),
    "module_load": ({"path": "C:\\x.dll", "image": "C:\\y.exe"}, {"path": "C:\\x.dll", "image": "C:\\y.exe"}),
    "process_end": ({"pid": "0x14", "image": ""}, {"pid": 20}),
    "process_start": (
        {"image": "C:\\x.exe", "user": "otto", "user_domain": "WERK", "logon_id": "0x0", "hashes": "MD5=" + "AB" * 16, "md5": "cd" * 16},
        {"image": "C:\\x.exe", "user": "otto", "user_domain": "WERK", "hashes": "MD5=" + "AB" * 16, "names": ["x.exe"]},
    ),
    "registry_set": (
        {"target_object": "HKLM\\Run\\own", "details": "x.exe"},
        {"action": "SetValue", "target_object": "HKLM\\Run\\own", "details": "x.exe"},
    ),
    "service_install": ({"service": "own", "path": "C:\\x.exe -k"}, {"service": "own", "path": "C:\\x.exe -k"}),
    "share_access": (
        {"share": "C$", "relative_path": "x.exe", "access_mask": "0x2", "success": "false", "source_address": "10.9.0.5"},
        {"share": "\\\\*\\C$", "relative_path": "x.exe", "access_mask": 2, "success": False, "source_address": "10.9.0.5"},
    ),
    "task_register": ({"task": "\\own", "path": "x.exe -q"}, {"task": "\\own", "path": "x.exe -q"}),
}
ROWS["flow"][1].pop("target_port")


@pytest.mark.parametrize("target", targets())
def test_every_kind_of_row(target: str) -> None:
    given, expected = ROWS[target]
    assert read_own(targets()[target].name, given) == expected
    assert set(given) <= set(fields_of(targets()[target]))


def test_a_pipe_of_a_share_is_no_file() -> None:
    assert read_own("mapped-share-access", {"share": "\\\\*\\IPC$", "relative_path": "svcctl"})["pipe"] == "svcctl"


def test_a_row_without_what_it_needs_is_skipped() -> None:
    row = Record(log="mapped-file-write", number=1, raw=b"{}", fields={"image": "C:\\x.exe"}, created="2026-03-02T09:14:03Z", computer="h")
    assert [skip.reason.split(":")[0] for skip in normalize([row]).skips] == ["no path"]


def test_mapped_rows_tell_what_logs_that_are_known_tell() -> None:
    """But for what no mapping can say, as whose name an address is."""
    kinds = {kind for log_type in targets().values() for kind in log_type.kinds}
    assert {Kind.WRITE, Kind.PROCESS_START, Kind.LOGON, Kind.SERVICE_INSTALL, Kind.TASK_CHANGE, Kind.CONNECTION, Kind.REMOVAL} <= kinds
    assert {log_type.name for log_type in targets().values()} == {name for name in log_types() if name.startswith("mapped-")}


def test_the_docs_list_every_event_and_field() -> None:
    text = (REPOSITORY / "docs" / "mapping.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| `") and line.count(" | ") == 2]
    assert {name.strip("|` "): fields.strip("| ") for name, _, fields in rows[1:]} == {
        name: ", ".join(f"`{field}`" for field in fields_of(log_type)) for name, log_type in targets().items()
    }
