"""Objects into the library of the state folder, as ``graphcorr intel load`` puts them there."""

from __future__ import annotations

import json
from collections.abc import Sequence

from graphcorr.intel.knowledge import intel_folder
from graphcorr.intel.library import Library
from graphcorr.intel.loading import load
from graphcorr.intel.reading import Document
from tests.settings import own_settings


def load_objects(objects: Sequence[object]) -> None:
    library = Library(intel_folder(own_settings().state))
    try:
        load(library, [Document("feed.json", None, json.dumps(objects).encode(), "")])
    finally:
        library.close()
