"""Handing papers in, noting those shown at a window, removing them, and opening what is kept.

Whether a case takes papers now is for the business rooms to say, before they call these.
"""

import threading
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone

from yidi.accounts.actors import Actor
from yidi.audit.moves import locked
from yidi.audit.services import record
from yidi.evidence import vault
from yidi.evidence.checks import MOST_PER_CASE, MOST_PER_MATERIAL, Readable
from yidi.evidence.errors import (
    AlreadyRemoved,
    ContentLost,
    DescriptionMissing,
    NoFile,
    NotOfThisCase,
    TooManyInCase,
    TooManyPapers,
)
from yidi.evidence.models import Paper
from yidi.evidence.queries import papers_of
from yidi.evidence.remaking import Remade, remake
from yidi.people.errors import WrongDataKey
from yidi.people.models import Person
from yidi.values.terms import Material

MOST_DESCRIPTION = 200
"""Characters of the note about a paper shown at a window."""
ORPHAN_AGE_S = 3600
"""No transaction lasts that long: a file so old that no row names will never have one."""


def hand_in(
    subject: str,
    person: Person,
    material: Material,
    upload: "Remade | Readable | BinaryIO",
    name: str,
    actor: Actor,
) -> Paper:
    """Keep a file as a paper of a case. The same file given again as the same material is the same paper.

    A form's PaperField gives files already made anew (`Remade`); anything else is made anew here, which takes part of
    a second and belongs outside of any transaction. Raises the subclasses of FileRefused, CannotDecode.
    """
    remade = upload if isinstance(upload, Remade) else remake(upload, name)
    with transaction.atomic():
        # Whoever hands in for the same person at the same time waits, so that the counts hold.
        Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
        held = papers_of(subject)
        same = held.filter(material=str(material), sha256=remade.sha256).first()
        if same is not None:
            return same
        if held.filter(material=str(material)).count() >= MOST_PER_MATERIAL:
            raise TooManyPapers(material=material, limit=MOST_PER_MATERIAL, name=remade.name)
        if held.count() >= MOST_PER_CASE:
            raise TooManyInCase(limit=MOST_PER_CASE, name=remade.name)
        return _kept(subject, person, material, remade, actor)


def _kept(subject: str, person: Person, material: Material, remade: Remade, actor: Actor) -> Paper:
    """The row of a paper, its file written first: no row is ever without its file."""
    blob = vault.write(remade.content)
    try:
        paper = Paper.objects.create(
            subject=subject,
            person=person,
            material=str(material),
            name=remade.name,
            media_type=str(remade.media_type),
            size=len(remade.content),
            pages=remade.pages,
            sha256=remade.sha256,
            blob=blob,
            handed_in_by=actor.name,
        )
        record(actor, "evidence:hand-in", subject, material.zh)
    except BaseException:
        vault.erase(blob)
        raise
    uncommitted = _uncommitted()
    uncommitted.add(blob)
    transaction.on_commit(lambda: uncommitted.discard(blob))
    return paper


@transaction.atomic
def show(subject: str, person: Person, material: Material, description: str, actor: Actor) -> Paper:
    """Note a paper that was shown at a window, of which no file is kept; a new note replaces the one before.

    Raises DescriptionMissing.
    """
    said = description.strip()[:MOST_DESCRIPTION]
    if not said:
        raise DescriptionMissing(material=material)
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    papers_of(subject).filter(material=str(material), blob__isnull=True).update(
        removed_at=timezone.now(), removed_by=actor.name
    )
    paper = Paper.objects.create(
        subject=subject, person=person, material=str(material), description=said, handed_in_by=actor.name
    )
    record(actor, "evidence:show", subject, material.zh)
    return paper


def must_belong(paper: Paper, subject: str) -> None:
    """Raises NotOfThisCase where the paper is one of another case."""
    if paper.subject != subject:
        raise NotOfThisCase(material=Material(paper.material), subject=subject)


@transaction.atomic
def remove(paper: Paper, actor: Actor) -> None:
    """Take a paper out of its case; row and file stay for the trail. Raises AlreadyRemoved."""
    if locked(paper).removed_at is not None:
        raise AlreadyRemoved(material=Material(paper.material))
    paper.removed_at, paper.removed_by = timezone.now(), actor.name
    paper.save(update_fields=["removed_at", "removed_by"])
    record(actor, "evidence:remove", paper.subject, Material(paper.material).zh)


def content(paper: Paper) -> bytes:
    """What is kept of a file, opened and proved to be what was sealed. Raises NoFile, ContentLost."""
    if paper.blob is None:
        raise NoFile(material=Material(paper.material))
    try:
        return vault.read(paper.blob)
    except (FileNotFoundError, WrongDataKey):
        raise ContentLost(material=Material(paper.material)) from None


_LOCAL = threading.local()


def _uncommitted() -> set[str]:
    """The blobs that this thread wrote in transactions that were not committed, or not yet."""
    if not hasattr(_LOCAL, "uncommitted"):
        _LOCAL.uncommitted = set()
    uncommitted: set[str] = _LOCAL.uncommitted
    return uncommitted


def erase_rolled_back(**_signal: Any) -> None:
    """After a request: erase what it wrote for a transaction that was rolled back. Whatever a row names stays."""
    uncommitted = _uncommitted()
    if uncommitted:
        named = set(Paper.objects.filter(blob__in=uncommitted).values_list("blob", flat=True))
        for blob in uncommitted - named:
            vault.erase(blob)
        uncommitted.clear()


def sweep(older_than_s: int = ORPHAN_AGE_S) -> int:
    """Erase the files that no paper names, such as a crash may leave; returns how many there were."""
    erased = 0
    for path in vault.files(older_than_s):
        if not Paper.objects.filter(blob=path.name).exists():
            path.unlink(missing_ok=True)
            erased += 1
    return erased


@transaction.atomic
def keep_made(subject: str, person: Person, material: Material, made: Remade, actor: Actor) -> Paper:
    """Keep a paper that the system wrote itself, in the place of an earlier one of that name."""
    for earlier in papers_of(subject).filter(material=str(material)):
        if earlier.name == made.name and earlier.sha256 != made.sha256:
            remove(earlier, actor)
    return hand_in(subject, person, material, made, made.name, actor)
