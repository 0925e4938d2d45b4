"""The addresses of accounts: the door, one's own account, invitations, administration.

Of django-allauth's own pages only those that the desk offers; it has no sign-up and no e-mail page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.urls import include, path, re_path

from negotiations.editing.accounts import entrance, invitations, sessions, tokens, users

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

# /admin/account/: open to all, and before a second factor is set up
own = [
    path("", entrance.account, name="mfa_index"),
    path("sessions/", sessions.own_sessions, name="own_sessions"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/reset/", entrance.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("second-factor/", mfa.authenticate, name="mfa_authenticate"),
    path("second-factor/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("app/", include("allauth.mfa.totp.urls")),
    path("recovery-codes/", include("allauth.mfa.recovery_codes.urls")),
    path("passkeys/", include("allauth.mfa.webauthn.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", entrance.Entrance.as_view(), name="account_login"),
    path("account/", include(own)),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/<int:pk>/revoke/", invitations.revoke, name="revoke_invitation"),
    path("invitation/<str:token>/", invitations.accept, name="invitation"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="revoke_token"),
    path("unlock/", users.unlock, name="unlock"),
]
