"""Asking people to the desk, and what they find when they follow the link."""

from __future__ import annotations

import secrets
import smtplib
from typing import TYPE_CHECKING, Any

from allauth.account.utils import perform_login
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from negotiations.addresses import absolute
from negotiations.editing.pages import at_the_desk, desk_page
from negotiations.models import Invitation, User
from negotiations.models.users import Role, hash_of, may_invite, roles_to_give

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# The signature spares the database what nobody of ours has sent.
SIGNER = Signer(sep=".", salt="negotiations.invitation")


class InvitationForm(forms.ModelForm):
    """Whom to ask, and for what."""

    class Meta:
        model = Invitation
        fields = ("name", "email", "role")

    def __init__(self, *args: Any, inviter: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_give = roles_to_give(inviter)
        self.fields["role"].choices = [each for each in Role.choices if each[0] in may_give]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email, is_active=True).exists():
            raise ValidationError("Somebody with this address has an account already.")
        return email


class SeatForm(UserCreationForm):
    """What an invited person chooses."""

    class Meta:
        model = User
        fields = ("username",)
        labels = {"username": "User name"}


@at_the_desk(may_invite)
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest) -> HttpResponse:
    """/admin/invitations/: those that are open, and the form for another."""
    form = InvitationForm(request.POST or None, inviter=request.user)
    context: dict[str, Any] = {"title": "Invitations", "form": form}
    if request.method == "POST" and form.is_valid():
        invitation, token = invite(form.save(commit=False), request.user)
        link = absolute(request.build_absolute_uri(reverse("invitation", args=[token])))
        context |= {
            "made": invitation,
            "link": link,
            "sent": _send(invitation, link),
            "sends": bool(settings.MAILERS),
            "form": InvitationForm(inviter=request.user),
        }
    context["open"] = Invitation.objects.open().select_related("invited_by").order_by("-invited_at")
    return desk_page(request, "invitations", context)


@at_the_desk(may_invite)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """/admin/invitations/<pk>/revoke/"""
    invitation = get_object_or_404(Invitation, pk=pk)
    if Invitation.objects.open().filter(pk=pk).update(revoked_at=timezone.now()):
        messages.success(request, f"The invitation of {invitation.name} was taken back.")
    else:
        messages.warning(request, f"The invitation of {invitation.name} is not open any more.")
    return HttpResponseRedirect(reverse("invitations"))


@transaction.atomic
def invite(invitation: Invitation, inviter: Any) -> tuple[Invitation, str]:
    """Save an invitation in place of an open one to the same address; returns it and its token.

    Raises:
        ValidationError: if the inviter may not give this role.
    """
    if invitation.role not in roles_to_give(inviter):
        raise ValidationError("You can't give a role that has rights which you lack.")
    now = timezone.now()
    Invitation.objects.open().filter(email__iexact=invitation.email).update(revoked_at=now)
    token = secrets.token_urlsafe(32)
    invitation.token_hash = hash_of(token)
    invitation.invited_by = inviter
    invitation.expires_at = now + Invitation.LASTS
    invitation.save()
    return invitation, SIGNER.sign(token)


def _send(invitation: Invitation, link: str) -> bool:
    """Send the link, if this site sends e-mail and the mail server takes it."""
    if not settings.MAILERS:
        return False
    text = render_to_string(
        "account/email/invitation.txt", {"invitation": invitation, "link": link}
    )
    email = EmailMessage("Readout: your place at the editors’ desk", text, to=[invitation.email])
    try:
        return bool(email.send())
    except (OSError, smtplib.SMTPException):
        return False


# --- Who follows the link ---


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """/admin/invitation/<token>/: choose a user name and a password, and be in."""
    try:
        found = Invitation.objects.with_token(SIGNER.unsign(token))
    except BadSignature:
        found = Invitation.objects.none()
    with transaction.atomic():
        # Of two that use one link at once, the second waits and finds it used.
        invitation = found.select_related("invited_by").select_for_update(of=("self",)).first()
        if invitation is None:
            sentence = "This link leads to no invitation. Copy all of it, or ask for a new one."
            return _closed(request, sentence, 404)
        if sentence := invitation.hindrance():
            return _closed(request, sentence, 410)
        first, _, last = invitation.name.partition(" ")
        account = User(first_name=first, last_name=last, email=invitation.email)
        form = SeatForm(request.POST or None, instance=account)
        if request.user.is_authenticated or request.method != "POST" or not form.is_valid():
            context = {"invitation": invitation, "form": form}
            return render(request, "account/invitation.html", context)
        account.is_staff = True
        form.save()
        account.groups.add(Group.objects.get(name=invitation.role))
        invitation.accepted_at = timezone.now()
        invitation.account = account
        invitation.save(update_fields=["accepted_at", "account"])
    response: HttpResponse = perform_login(request, account, redirect_url=reverse("admin:index"))
    return response


def _closed(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    context = {"sentence": sentence}
    return render(request, "account/invitation_closed.html", context, status=status)
