"""One person's whole way, with everything logged: no log, address, trail or text sent says who they are."""

import logging
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import PASSWORD, a_clerk, sign_in
from tests.claims.factories import an_unfiled_world
from tests.evidence.factories import a_photo, an_upload
from tests.filing.factories import SHANGHAI
from tests.notices.factories import Pretender
from tests.operations.test_lists import GOOD, text
from tests.people.factories import an_identity
from tests.portal.conftest import TODAY
from tests.portal.test_claim_pages import fill_in
from tests.qualification.factories import HYPERTENSION
from tests.settlement.factories import World
from yidi.accounts.terms import Role
from yidi.audit.models import Event, Look
from yidi.claims.models import Claim
from yidi.filing.models import Filing
from yidi.notices import contacts, outbox
from yidi.notices.models import Contact, Delivery, Message
from yidi.notices.terms import Channel
from yidi.portal.views import messages as pages_of_messages
from yidi.qualification.models import Qualification

pytestmark = pytest.mark.django_db

NAME, IDENTITY, PHONE = "测试甲", an_identity(), "13800001234"
SECRETS = (NAME, IDENTITY, IDENTITY.lower(), PHONE)
LINKS = re.compile(r'(?:href|action|src)="([^"]*)"')
FILE = f"{NAME}-{IDENTITY}-{PHONE}.jpg"
"""What people call the photo of their card."""
ROWS: tuple[type[Model], ...] = (AccessAttempt, AccessFailureLog, AccessLog, Event, Look, Message, Delivery)


@dataclass
class Witness(Client):
    """A browser that keeps every address that it was told."""

    addresses: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        self.addresses.append(answer.headers.get("Location", ""))
        if answer.headers["Content-Type"].startswith("text/html"):
            self.addresses += LINKS.findall(answer.content.decode())
        return answer


@pytest.fixture
def sms(monkeypatch: pytest.MonkeyPatch) -> Pretender:
    """The only way out of the house."""
    sender = Pretender()
    monkeypatch.setattr(contacts, "sender_of", lambda channel: sender)
    for module in (outbox, pages_of_messages):
        monkeypatch.setattr(module, "senders", lambda: {Channel.SMS: sender})
    return sender


def test_nobody_is_named(caplog: pytest.LogCaptureFixture, sms: Pretender) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, "PIL")  # it names what the photos of these tests are made with
    world = an_unfiled_world()
    assert (world.coverage.person.name, world.coverage.person.identity) == (NAME, IDENTITY)
    person, desk = Witness(), Witness()
    come_in(person)
    give_phone(person, sms)
    apply(person, world)
    file(person)
    claim = fill_in(person, world)
    person.post(reverse("portal:claim", args=[claim.number]), {"act": "submit"})
    work_at(desk)
    read_all(person)
    outbox.deliver()

    assert Claim.objects.get().state == "submitted"
    assert Look.objects.exists()
    texts = [f"{title} {told}" for address, title, told in sms.given if address == PHONE]
    assert len(texts) >= 3, "the code and what was told of the cases"
    kept = [*person.addresses, *desk.addresses, *texts, caplog.text]
    kept += [f"{record.__dict__}" for record in caplog.records]
    kept += [message.text(language) for message in Message.objects.all() for language in ("zh", "en")]
    kept += [f"{row}" for kind in ROWS for row in kind._default_manager.values()]
    faults = {secret: text for secret in SECRETS for text in map(str, kept) if secret in text}
    assert not faults, faults


def come_in(person: Client) -> None:
    """Register after a slip, sign out, type the identity number, the telephone and the name as sign-in name, sign in."""
    wanted = {"name": NAME, "username": "wang", "new_password": PASSWORD, "new_password_again": PASSWORD}
    person.post("/register/", wanted | {"identity": IDENTITY[:-1] + ("1" if IDENTITY[-1] != "1" else "2")})
    person.post("/register/", wanted | {"identity": IDENTITY, "username": IDENTITY})
    person.post("/register/", wanted | {"identity": IDENTITY})
    person.post("/sign-out/")
    for username in (IDENTITY, PHONE, NAME, "wang"):
        person.post("/sign-in/", {"username": username, "password": "Falsch-2026-falsch"})
    assert person.post("/sign-in/", {"username": "wang", "password": PASSWORD}).status_code == 302


def give_phone(person: Client, sms: Pretender) -> None:
    page = reverse("portal:contacts")
    person.post(page, {"act": "note", "channel": "sms", "address": PHONE[:-1]})
    person.post(page, {"act": "note", "channel": "sms", "address": PHONE})
    [code] = re.findall(r"\d{6}", sms.given[-1][2])
    person.post(page, {"act": "confirm", "channel": "sms", "code": code})
    assert Contact.objects.get().verified_at is not None


def apply(person: Client, world: World) -> None:
    person.post(reverse("portal:qualifications"), {"what": f"{world.coverage.pk}:{HYPERTENSION}"})
    case = Qualification.objects.get()
    papers = reverse("portal:qualification_papers", args=[case.number])
    person.post(papers, {"group": "g3", "g3-files": an_upload(b"MZ", FILE)})
    for group, material in {"g0": "id-card", "g2": "", "g3": ""}.items():
        fields = {"group": group, f"{group}-files": an_upload(a_photo(), FILE)}
        person.post(papers, fields | ({f"{group}-material": material} if material else {}))
    page = reverse("portal:qualification", args=[case.number])
    person.post(page, {"act": "submit", "note": f"{NAME}，{PHONE}"})
    assert Qualification.objects.get().state == "submitted"


def file(person: Client) -> None:
    asked = {"care": SHANGHAI, "kind": "long-term-resident", "starts": f"{TODAY}"}
    person.post(reverse("portal:filings"), asked)
    filing = Filing.objects.get()
    fields = {"group": "g0", "g0-material": "id-card", "g0-files": an_upload(a_photo(), FILE)}
    person.post(reverse("portal:filing_papers", args=[filing.number]), fields)
    page = reverse("portal:filing", args=[filing.number])
    person.post(page, {"act": "commit", "agree": "on"})
    person.post(page, {"act": "submit"})
    assert Filing.objects.get().state == "active"


def work_at(desk: Client) -> None:
    """Look the person up, open their cases, unveil one, and take over lists with mistakes in them."""
    sign_in(desk, a_clerk("ban", Role.REVIEWER, Role.SUPERVISOR, Role.WINDOW))
    for number in (IDENTITY, IDENTITY.lower(), IDENTITY[:-1], an_identity(77)):
        asked = {"key": "identity", "number": number, "why": "question", "text": "问进度"}
        desk.post("/desk/people/", asked)
    desk.post("/desk/window/", {"key": "identity", "number": IDENTITY, "shown": "", "why": ""})
    for case in (Qualification.objects.get(), Filing.objects.get(), Claim.objects.get()):
        desk.get(reverse("desk:case", args=[case.number]))
        desk.post(reverse("desk:full_case", args=[case.number]), {"why": "question", "text": "问进度"})
    wrong = IDENTITY[:-1] + ("1" if IDENTITY[-1] != "1" else "2")
    good = GOOD | {"病种": "M01600 糖尿病"}
    for row in (good | {"身份证号": wrong}, good | {"姓名": "别人"}, good):
        desk.post(
            "/desk/lists/qualifications/import/", {"file": SimpleUploadedFile(FILE + ".csv", text([row]))}
        )
        page = desk.get("/desk/lists/qualifications/check/").content.decode()
        digest = re.search(r'name="digest" value="([^"]+)"', page)
        desk.post("/desk/lists/qualifications/confirm/", {"digest": digest[1] if digest else ""})
    desk.post("/desk/lists/qualifications/export/", {"reason": "核对"})


def read_all(person: Client) -> None:
    person.get(reverse("portal:me"))
    for message in Message.objects.all():
        person.get(reverse("portal:message", args=[message.pk]))
