"""Objects into the library of the state folder, as ``graphcorr intel load`` puts them there, and a release that is small."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec

from graphcorr.intel.attack import pack
from graphcorr.intel.facts import Facts, packaged_facts
from graphcorr.intel.knowledge import intel_folder
from graphcorr.intel.library import ENTERPRISE, Library
from graphcorr.intel.loading import load
from graphcorr.intel.reading import Document
from tests.settings import own_settings


def load_objects(objects: Sequence[object]) -> None:
    library = Library(intel_folder(own_settings().state))
    try:
        load(library, [Document("feed.json", None, json.dumps(objects).encode(), "")])
    finally:
        library.close()


def put_small_release(state: Path, *software: str) -> None:
    """ATT&CK as if there were nothing but ``software``, who uses it, its techniques, and the tactics.

    The whole release takes a server some seconds, each time that its database was emptied.
    """
    whole = packaged_facts()
    users = {use.source for use in whole.uses if use.target in software}
    uses = tuple(use for use in whole.uses if use.source in software or (use.source in users and use.target in software))
    named = {*software, *users, *(use.target for use in uses)}
    named |= {whole.parents[one] for one in named & whole.parents.keys()}
    objects = tuple(fact for fact in whole.content.objects if fact.id in named or fact.kind == "tactic")
    content = msgspec.structs.replace(whole.content, version="0.1", objects=objects, uses=pack(uses), mentions=pack(()), joins=pack(()))
    about = {name: _only(getattr(content, name), named) for name in ("parents", "tactics", "attributed", "detects", "analytics")}
    library = Library(intel_folder(state))
    try:
        with library.transaction():
            library.put_release(
                Facts(msgspec.structs.replace(content, **about)),
                name=ENTERPRISE,
                version="0.1",
                file="small",
                member=None,
                records=0,
                modified=None,
            )
    finally:
        library.close()


def _only(table: dict[str, object], named: set[str]) -> dict[str, object]:
    return {key: value for key, value in table.items() if key in named}
