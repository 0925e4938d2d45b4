"""A password that is long can still be the first one that a thief tries."""

from __future__ import annotations

import threading
from typing import Any

from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

ENOUGH = 3  # of 4: beyond ten billion guesses in the order of a thief
LONGEST = 72  # characters that are looked at
_one_at_a_time = threading.Lock()  # the library keeps the user's own words in a global


class NotEasilyGuessed:
    """Refuses common and breached passwords, keyboard runs, dates, and the user's own names.

    All from word lists that come along: nothing is sent anywhere.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Judge as a thief would who knows the user.

        Raises:
            ValidationError: says what makes it weak.
        """
        known = ["readout", "negotiations", "editor", "reviewer"]
        for name in ("username", "first_name", "last_name", "email"):
            known += str(getattr(user, name, "")).replace("@", " ").split()
        with _one_at_a_time:
            found = zxcvbn(password[:LONGEST], user_inputs=known)
        if found["score"] < ENOUGH:
            why = found["feedback"]["warning"] or "It follows a pattern that is tried early."
            raise ValidationError(
                f"This password is easily guessed. {why.rstrip('.')}. "
                "Four or five words that have nothing to do with one another are strong.",
                code="password_easily_guessed",
            )

    def get_help_text(self) -> str:
        return "Your password can’t be one that is easily guessed."
