"""The library's forms for passkeys, made to answer what no browser sends with a sentence."""

from __future__ import annotations

from allauth.mfa.webauthn import forms as library


class _AnyAnswer:
    """Takes what the library can't parse for a mistake in the form, not for one of the server."""

    def full_clean(self) -> None:
        try:
            super().full_clean()
        except (AttributeError, KeyError, TypeError, ValueError):
            self.add_error("credential", "What the passkey answered can’t be read. Try again.")


class AddForm(_AnyAnswer, library.AddWebAuthnForm):
    """A new passkey."""


class LoginForm(_AnyAnswer, library.LoginWebAuthnForm):
    """A passkey in place of user name and password."""


class AuthenticateForm(_AnyAnswer, library.AuthenticateWebAuthnForm):
    """A passkey as second factor."""


class ReauthenticateForm(_AnyAnswer, library.ReauthenticateWebAuthnForm):
    """A passkey shown again."""
