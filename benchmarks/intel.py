"""``python -m benchmarks.intel``: intelligence measured: reading a release, salvage by rule, damaged copies, indicators.

Writes docs/intel-measurements.md; ``--quick`` tries it out on a little and writes nothing.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import orjson
import pyarrow as pa

from benchmarks.measure import MIB
from graphcorr.engine.database import connect
from graphcorr.intel.attack import make_facts
from graphcorr.intel.facts import PACKAGED, Facts, load_facts, packaged_facts
from graphcorr.intel.indicators import read_patterns
from graphcorr.intel.knowledge import Knowledge
from graphcorr.intel.known import Known
from graphcorr.intel.library import Library
from graphcorr.intel.loading import load
from graphcorr.intel.objects import Stix, _is_ref, decode, validate
from graphcorr.intel.reading import Document, read_documents, split
from graphcorr.intel.salvage import triage
from graphcorr.intel.sightings import load_terms, match_terms
from graphcorr.intel.tables import make_tables
from tests.intel.damage import damage
from tests.intel.mutations import mutate

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY: Final = Path(__file__).parents[1]
BUNDLE: Final = REPOSITORY.parent / "shared/attack/enterprise-attack-18.1.json.zst"
DOCUMENT: Final = REPOSITORY / "docs/intel-measurements.md"
Rows = list[tuple[str, str]]


def measure_reading(bundle: Path, runs: int) -> Rows:
    """From the file to the graph's tables in memory, beside orjson's bare decode of the same bytes in the same run.

    In processor time of one process, because other work may run on the machine.
    """
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "enterprise-attack-18.1.json"
        (document,) = read_documents([str(bundle)])
        plain.write_bytes(document.content)
        del document
        before = _peak()
        # Before orjson, whose objects take more: the process' peak is then that of reading. Each time beside its baseline.
        wholes, bares = [_time(lambda: read_to_tables(plain))], []
        peak = _peak()
        for _ in range(runs):
            bares.append(_time(lambda: orjson.loads(plain.read_bytes())))
            wholes.append(_time(lambda: read_to_tables(plain)))
        whole, bare = min(wholes), min(bares)
    facts = min(_time(lambda: load_facts(PACKAGED).resolve("PsExec")) for _ in range(runs * 3))
    return [
        ("ATT&CK 18.1, file to graph rows, processor time", f"{whole:.2f} s"),
        ("orjson's bare decode of the same file, processor time", f"{bare:.2f} s"),
        ("how many times that", f"{whole / bare:.1f}"),
        ("peak memory of the process, and what it had before", f"{peak} MiB, {before} MiB"),
        ("the package's facts, loaded and a name resolved", f"{1000 * facts:.0f} ms"),
    ]


def read_to_tables(path: Path) -> int:
    """Every object decoded and validated, facts made, tables built. Returns the rows."""
    _is_ref.cache_clear()  # nothing is remembered from the run before
    (document,) = read_documents([str(path)])
    objects: list[Stix] = []
    for piece in split(document.content):
        found = decode(piece.text)
        validate(found)
        objects.append(found)
    facts = make_facts(objects, "18.1", joins=False)
    tables = make_tables(Knowledge(facts=facts, file=path.name))
    return sum(table.num_rows for part in tables.values() for table in part.values())


def measure_salvage(bundle: Path, share: float) -> Rows:
    """Every ``uses`` of the release, damaged by the documented rule, and what each rule makes of it.

    With its join (the package knows this release, so this is the best case), and without, as of a statement that no
    known release has.
    """
    (document,) = read_documents([str(bundle)])
    facts = packaged_facts()
    known, blind = Known(facts), Known(_without_joins())
    chance = random.Random(0)
    counts: Counter[str] = Counter()
    for piece in split(document.content):
        found = decode(piece.text)
        if found.relationship_type != "uses" or chance.random() > share:
            continue
        source, target = known.by_ref(found.source_ref or ""), known.by_ref(found.target_ref or "")
        if source is None or target is None:
            continue
        text = damage(piece.text)
        counts["all"] += 1
        joined, linked = triage(decode(text), text, known), triage(decode(text), text, blind)
        if joined.source and joined.target:
            counts["join told"] += 1
            counts["join right"] += (joined.source, joined.target) == (source.id, target.id)
        elif joined.candidates:
            counts["join set"] += 1
            counts["join set right"] += target.id in joined.candidates or source.id in joined.candidates
        if linked.source:
            counts["link told"] += 1
            counts["link right"] += linked.source == source.id
        if "software" in _kind(target.type):
            counts["software targets"] += 1
        if linked.target:
            counts["target told"] += 1
            counts["target right"] += linked.target == target.id
        if _kind(source.type) == "actor" and _kind(target.type) == "technique":
            used = {use.target for use in facts.uses if use.source == source.id} if joined.mentions else set()
            counts["mentions"] += len(joined.mentions)
            counts["mentions used"] += sum(software in used for _, software in joined.mentions)
    whole = counts["all"]
    return [
        ("`uses` damaged", f"{whole:,}"),
        ("both ends, by join: told (recall)", _share(counts["join told"], whole)),
        ("both ends, by join: right of those told (precision)", _share(counts["join right"], counts["join told"])),
        ("a set of candidates instead", _share(counts["join set"], whole)),
        ("the set holds the truth", _share(counts["join set right"], counts["join set"])),
        ("source by the first link: told (recall)", _share(counts["link told"], whole)),
        ("source by the first link: right (precision)", _share(counts["link right"], counts["link told"])),
        (
            "target by another software link: told, of all software targets (recall)",
            _share(counts["target told"], counts["software targets"]),
        ),
        ("target by another software link: right (precision)", _share(counts["target right"], counts["target told"])),
        (
            "software mentioned in an actor's sentence on a technique: the actor is reported to use it",
            _share(counts["mentions used"], counts["mentions"]),
        ),
    ]


def _without_joins() -> Facts:
    facts = packaged_facts()
    content = msgspec.structs.replace(facts.content, joins=msgspec.Raw(msgspec.msgpack.encode(())))
    return Facts(content)


def _kind(type_: str) -> str:
    return {"intrusion-set": "actor", "attack-pattern": "technique", "malware": "software", "tool": "software"}.get(type_, type_)


def measure_damage(bundle: Path, copies: int) -> Rows:
    """Mutated copies of real objects: the totals add up and nothing raises."""
    (document,) = read_documents([str(bundle)])
    pieces = list(split(document.content))
    chance = random.Random(0)
    texts = [mutate(chance.choice(pieces).text, chance) for _ in range(copies)]
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder))
        start = time.perf_counter()
        done = load(library, (Document(f"copy-{n}", None, text, "") for n, text in enumerate(texts)))
        took = time.perf_counter() - start
        held = sum(library.count().values())
        library.close()
    if done.read != done.loaded + done.salvaged + done.quarantined or done.read != len(done.records):
        raise SystemExit("the totals do not add up")
    if {one.file for one in done.records} | {one.file for one in done.problems} != {f"copy-{n}" for n in range(copies)}:
        raise SystemExit("a copy was lost")
    return [
        (f"{copies:,} mutated copies: records read", f"{done.read:,}"),
        ("loaded / salvaged / quarantined", f"{done.loaded:,} / {done.salvaged:,} / {done.quarantined:,}"),
        ("kept in the library (equal ones once)", f"{held:,}"),
        ("time", f"{took:.1f} s"),
    ]


def measure_indicators(size: int) -> Rows:
    """``size`` indicators against ``size`` events, and a tenth of both; one event in a hundred is a hit."""
    rows: Rows = []
    for number in (size // 10, size):
        start = time.perf_counter()
        terms, refused = read_patterns((f"i{n}", f"[ipv4-addr:value = '{_address(n)}']", "stix") for n in range(number))
        parsed = time.perf_counter() - start
        with tempfile.TemporaryDirectory() as folder:
            database = connect(Path(folder))
            events = pa.table(
                {
                    "id": [f"e{n}" for n in range(number)],
                    "source_address": [_address(n if n % 100 == 0 else n + 200_000_000) for n in range(number)],
                }
            )
            database.register("given", events)
            columns = "NULL::VARCHAR AS target_address, NULL::VARCHAR[] AS answers, TIMESTAMP '2025-01-01' AS time, NULL::BLOB AS raw"
            columns += ", 'sysmon-3' AS log, NULL::VARCHAR AS path, NULL::VARCHAR AS command_line, NULL::VARCHAR AS parent_command_line"
            database.execute(f"CREATE TABLE events AS SELECT *, {columns} FROM given")
            start = time.perf_counter()
            load_terms(database, terms, ((f"i{n}", None, None) for n in range(number)))
            match_terms(database)
            took = time.perf_counter() - start
            (found,) = database.execute("SELECT count(*) FROM sightings").fetchall()
            database.close()
        if refused or found[0] != -(-number // 100):
            raise SystemExit(f"{found[0]} sightings, {len(refused)} refused")
        rows.append((f"{number:,} indicators against {number:,} events", f"{parsed:.1f} s to parse, {took:.1f} s to match"))
    return rows


def _address(number: int) -> str:
    return f"{10 + (number >> 24)}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _time(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 // MIB


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,}" + (f" ({100 * part / whole:.2f} %)" if whole else "")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intel", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick: bool = parser.parse_args(arguments).quick
    parts = [
        ("Reading a release", measure_reading(BUNDLE, 1 if quick else 7)),
        ("Salvage by rule", measure_salvage(BUNDLE, 0.02 if quick else 1.0)),
        ("Damaged copies", measure_damage(BUNDLE, 300 if quick else 10_000)),
        ("Indicators", measure_indicators(10_000 if quick else 1_000_000)),
    ]
    lines = ["# Intelligence, measured", "", "Written by `python -m benchmarks.intel`. What the rules are: [intel.md](intel.md)."]
    for title, rows in parts:
        lines += ["", f"## {title}", "", "| What | Measured |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if not quick:
        DOCUMENT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
