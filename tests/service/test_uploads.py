"""What a server that was killed left of uploads goes when the next one starts; what comes in meanwhile stays."""

from __future__ import annotations

import os
import time
from pathlib import Path

from graphcorr.service.uploads import FOLDER, sweep
from tests.settings import own_settings


def test_only_what_was_there_before_the_server_is_swept(tmp_path: Path) -> None:
    folder = tmp_path / "cases" / "c" / FOLDER
    folder.mkdir(parents=True)
    began = time.time()
    for name, age in (("left", 5), ("needed", 5), ("coming", -1)):
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, (began - age, began - age))
    sweep(own_settings(state=tmp_path), {"needed"}, began)
    assert sorted(path.name for path in folder.iterdir()) == ["coming", "needed"]
