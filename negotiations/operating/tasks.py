"""What is done after a request: each task's lines bear its own number, and one says who asked for it."""

from __future__ import annotations

import logging
from typing import Any

from django.tasks.signals import task_enqueued, task_finished, task_started

from negotiations import watching

logger = logging.getLogger("readout.tasks")


def watch_tasks() -> None:
    task_enqueued.connect(_enqueued)
    task_started.connect(_started)
    task_finished.connect(_finished)


def _enqueued(task_result: Any, **_: Any) -> None:
    fields = {"task": task_result.task.module_path, "task_id": str(task_result.id)}
    logger.info("Task %(task)s is to be done, as %(task_id)s", fields, extra={"fields": fields})


def _started(task_result: Any, **_: Any) -> None:
    watching.begin(watching.Watch(id=str(task_result.id)))


def _finished(task_result: Any, **_: Any) -> None:
    watching.begin(None)
