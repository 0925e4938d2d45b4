"""A clock that jumps: with this folder on PYTHONPATH, Python's is as far off as a test wants.

FAULTS_CLOCK names a file with seconds in it, which is read again and again. The monotonic clock goes
on undisturbed, as it does on a machine whose time is set.
"""

import os
import threading
import time
from pathlib import Path

import time_machine


def _follow(file: Path) -> None:
    off, real = 0.0, time_machine.escape_hatch.time
    clock = time_machine.travel(time.time(), tick=True).start()
    pause = threading.Event()
    while not pause.wait(0.1):
        try:
            wanted = float(file.read_text() or off)
        except OSError:
            return
        if wanted != off:
            off = wanted
            clock.move_to(real.time() + off)


if file := os.environ.get("FAULTS_CLOCK"):
    threading.Thread(target=_follow, args=(Path(file),), daemon=True).start()
