"""`make canaries`: whole runs on real parts, then a search for what people gave and what opens something (S30, I19).

Searched: Temporal's file, every log, the metrics, the exported audit trail, and the mails for answers of an
application; once with payloads that can be read and once with sealed ones. People press everything that can be
pressed; while more of them apply, worker and web fail for moments. Exit status 0 when nothing was found.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from models.crypto.sealing import use_secret
from tests.canaries.run import run
from tests.faults.stack import SECRET
from tests.terminal import say

STORIES = 2
WITHIN_EVERYTHING = 1
"""How many more are approved where everything is pressed."""


def main() -> int:
    """Both runs, and the verdict."""
    home = Path(tempfile.mkdtemp(prefix="cvms-canaries-"))
    use_secret(SECRET)
    faults = 0
    for name, sealed in (("readable", False), ("sealed", True)):
        (home / name).mkdir()
        found = run(home / name, sealed=sealed, stories=STORIES)
        for hit in found.hits:
            say(f"FOUND {hit}")
        say(f"{name}: approved={found.approved} canaries={found.canaries} places={found.places} hits={len(found.hits)}")
        faults += len(found.hits) + (found.approved < STORIES + WITHIN_EVERYTHING)
    if faults:
        say(f"everything is in {home}")
        return 1
    shutil.rmtree(home, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
