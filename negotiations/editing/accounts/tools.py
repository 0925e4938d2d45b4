"""What the desk's first page offers of accounts."""

from __future__ import annotations

from negotiations.editing.accounts.users import may_administer
from negotiations.editing.pages import TOOLS, Tool
from negotiations.models.users import may_invite

TOOLS += [
    Tool("/admin/account/", "My account", "Password, second factor, sessions."),
    Tool("/admin/invitations/", "Invitations", "Ask somebody to the desk.", may_invite),
    Tool(
        "/admin/unlock/",
        "Unlock",
        "Let an account or an address try again after failed log-ins.",
        may_administer,
    ),
]
