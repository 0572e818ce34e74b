"""The person's messages, and where else they want to be told. They are the person's own: nobody acts for them here."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yidi.accounts.actors import Actor
from yidi.accounts.doors import person_only
from yidi.accounts.kept_input import pop_kept_input
from yidi.accounts.sessions import actor_for
from yidi.notices import contacts as services
from yidi.notices.addresses import masked
from yidi.notices.channels import senders
from yidi.notices.errors import BadAddress
from yidi.notices.models import Contact
from yidi.notices.queries import messages_of
from yidi.notices.services import mark_read
from yidi.notices.terms import Channel, Language
from yidi.pages.language import language
from yidi.pages.sign_in import refused_in
from yidi.people.models import Person
from yidi.people.queries import by_number
from yidi.portal.case_forms import ConfirmForm, ContactForm, typed
from yidi.values.errors import Refusal

PER_PAGE = 20


def _self(request: HttpRequest) -> tuple[Actor, Person]:
    """The person who signed in, whoever they act for at the moment."""
    actor = actor_for(request)
    return Actor(actor.kind, actor.name), by_number(actor.name)


@require_safe
@person_only
def inbox(request: HttpRequest) -> HttpResponse:
    """All messages, the newest first."""
    _actor, person = _self(request)
    page = Paginator(messages_of(person), PER_PAGE).get_page(request.GET.get("page"))
    told = [(message, message.text(language())) for message in page]
    return render(request, "portal/messages/list.html", {"page": page, "told": told})


@require_safe
@person_only
def message(request: HttpRequest, key: int) -> HttpResponse:
    """One message; opening it is reading it."""
    actor, person = _self(request)
    found = get_object_or_404(messages_of(person), pk=key)
    mark_read(found, actor)
    context = {"message": found, "said": found.text(language())}
    return render(request, "portal/messages/message.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@person_only
def contacts(request: HttpRequest) -> HttpResponse:
    """Telephone and mail: note, prove by a code, take away."""
    page = _Contacts(request)
    if request.method == "POST":
        act = {"note": page.note, "confirm": page.confirm, "remove": page.remove}.get(
            request.POST.get("act", "")
        )
        if act is None:
            raise Http404
        if act():
            return redirect("portal:contacts")
    return page.shown()


class _Contacts:
    """The page of contacts with its two forms."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.actor, self.person = _self(request)
        self.channels = list(senders())
        kept = pop_kept_input(request)
        sent = typed(request.POST, kept)
        act = sent.get("act") if sent else ""
        self.noting = ContactForm(self.channels, sent if act == "note" else None)
        self.confirming = ConfirmForm(sent if act == "confirm" else None)

    def _channel(self) -> Channel:
        """The channel whose button was pressed. Raises Http404."""
        spelt = self.request.POST.get("channel", "")
        if spelt not in Channel.spellings():
            raise Http404
        return Channel(spelt)

    def note(self) -> bool:
        """Keep an address and send a code there."""
        form = self.noting
        if not form.is_valid():
            return False
        channel, address = form.cleaned_data["channel"], form.cleaned_data["address"]
        try:
            services.set_contact(self.person, channel, address, self.actor, Language(language()))
        except Refusal as refusal:
            refused_in(form, refusal, "address" if isinstance(refusal, BadAddress) else None)
            return False
        messages.success(self.request, _("验证码已发出，收到后填在下面。"))
        return True

    def confirm(self) -> bool:
        """Take the code that came."""
        form = self.confirming
        if not form.is_valid():
            return False
        try:
            services.verify_contact(self.person, self._channel(), form.cleaned_data["code"], self.actor)
        except Refusal as refusal:
            refused_in(form, refusal, "code")
            return False
        messages.success(self.request, _("已验证。以后有消息也会发到这里。"))
        return True

    def remove(self) -> bool:
        """Send nothing there any more."""
        services.remove_contact(self.person, self._channel(), self.actor)
        messages.success(self.request, _("已取消。消息仍在这里看得到。"))
        return True

    def shown(self) -> HttpResponse:
        """The page."""
        rows: list[dict[str, Any]] = [
            {"channel": Channel(contact.channel), "contact": contact, "address": _masked(contact)}
            for contact in self.person.contacts.order_by("channel")
            if contact.address
        ]
        context = {
            "rows": rows,
            "channels": self.channels,
            "noting": self.noting,
            "confirming": self.confirming,
            "confirming_channel": self.request.POST.get("channel", ""),
        }
        return render(self.request, "portal/messages/contacts.html", context)


def _masked(contact: Contact) -> str:
    return masked(Channel(contact.channel), contact.address)
