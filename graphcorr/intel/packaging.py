"""Writes a table of facts from an ATT&CK bundle: ``python -m graphcorr.intel.packaging BUNDLE VERSION [FILE]``.

The table that the package carries was written by it from MITRE's ``enterprise-attack`` bundle of that version.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from graphcorr.errors import GraphcorrError, InputError
from graphcorr.intel.attack import make_facts
from graphcorr.intel.facts import PACKAGED, encode_facts
from graphcorr.intel.objects import ObjectError, decode, validate
from graphcorr.intel.reading import read_documents, split

if TYPE_CHECKING:
    from graphcorr.intel.facts import Facts
    from graphcorr.intel.objects import Stix


def read_facts(bundle: str, version: str, *, joins: bool = True) -> Facts:
    """The facts of a bundle. ``InputError`` names the first object that cannot be used: a package has no room for doubt."""
    objects: list[Stix] = []
    for document in read_documents([bundle]):
        if document.problem is not None:
            raise InputError(document.problem, document.file, document.member)
        for piece in split(document.content):
            try:
                found = decode(piece.text)
                validate(found)
            except ObjectError as error:
                raise InputError(f"object {piece.number}: {error}", document.file, document.member) from error
            objects.append(found)
    return make_facts(objects, version, joins=joins)


def main(arguments: list[str]) -> int:
    if len(arguments) not in {2, 3}:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    bundle, version, *rest = arguments
    try:
        facts = read_facts(bundle, version)
    except GraphcorrError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    path = Path(rest[0]) if rest else PACKAGED.with_name(f"attack-{version}.msgpack.zst")
    path.write_bytes(encode_facts(facts))
    sys.stdout.write(f"{path}: {len(facts.objects)} objects, {len(facts.uses)} uses, {path.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
