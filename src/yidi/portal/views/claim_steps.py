"""The steps in which a claim is filled in. Each saves what it was given and leads to the next; each may be left at any time."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from yidi.accounts.kept_input import KeptInput, pop_kept_input
from yidi.claims import drafting
from yidi.claims.models import Claim
from yidi.claims.queries import requirements
from yidi.claims.reading import Reading, Value, read_invoice
from yidi.claims.states import PAPERS_TAKEN, WRITABLE
from yidi.evidence.queries import papers_of
from yidi.evidence.uploads import received
from yidi.pages.papers import PapersBlock
from yidi.pages.templatetags.pages import yuan
from yidi.policy.case_rules import ClaimPapers
from yidi.policy.errors import MissingParameter
from yidi.portal.case_forms import typed
from yidi.portal.claim_forms import (
    DescribedForm,
    FileForm,
    InvoiceForm,
    SearchForm,
    VisitForm,
    refused_beside,
)
from yidi.portal.claim_steps import Step, address_of, after, progress
from yidi.portal.own import Me, own_case, own_page
from yidi.providers.queries import MOST_FOUND, by_key, search
from yidi.qualification.queries import diseases_ever_held
from yidi.values.errors import Refusal
from yidi.values.terms import Benefit, Material

PAGE = "portal:claim"
StepView = Callable[[HttpRequest, Me, Claim], HttpResponse]


def step_page(states: tuple[Any, ...] = WRITABLE) -> Callable[[StepView], Callable[..., HttpResponse]]:
    """A page of a claim that is there while the claim is in these states; else the claim's own page is."""

    def door(view: StepView) -> Callable[..., HttpResponse]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @own_page
        @wraps(view)
        def shown(request: HttpRequest, me: Me, number: str) -> HttpResponse:
            claim = own_case(me, Claim, number)
            if request.method != "POST" and claim.state not in states:
                return redirect(PAGE, number)
            return view(request, me, claim)

        return shown

    return door


def shown(request: HttpRequest, claim: Claim, step: Step, **context: Any) -> HttpResponse:
    """The page of a step."""
    context |= {"case": claim, "progress": progress(claim, step), "address": address_of(claim, step)}
    return render(request, f"portal/claims/{step}.html", context)


def sent_by(request: HttpRequest, kept: KeptInput | None, act: str) -> Any:
    """What was typed into the form of one button, now or before the session ended."""
    data = typed(request.POST, kept)
    return data if data and data.get("act") == act else None


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def begin(request: HttpRequest, me: Me) -> HttpResponse:
    """The first step of a claim that is not there yet."""
    form = VisitForm(diseases_ever_held(me.person), typed(request.POST, pop_kept_input(request)))
    if request.method == "POST" and form.is_valid():
        try:
            claim = drafting.begin(me.person, me.actor, **form.said())
        except Refusal as refusal:
            refused_beside(form, refusal)
        else:
            return redirect(after(claim, Step.VISIT))
    context = {"form": form, "progress": progress(None, Step.VISIT)}
    return render(request, "portal/claims/visit.html", context)


@step_page()
def visit(request: HttpRequest, me: Me, claim: Claim) -> HttpResponse:
    """When it was, and for what."""
    form = VisitForm(diseases_ever_held(me.person), typed(request.POST, pop_kept_input(request)), claim)
    if request.method == "POST" and form.is_valid():
        try:
            drafting.save(claim, me.actor, **form.said())
        except Refusal as refusal:
            refused_beside(form, refusal)
        else:
            return redirect(after(claim, Step.VISIT))
    return shown(request, claim, Step.VISIT, form=form)


@step_page()
def provider(request: HttpRequest, me: Me, claim: Claim) -> HttpResponse:
    """Where it was: found in the register, or described by name and city."""
    described = DescribedForm(sent_by(request, pop_kept_input(request), "describe"), claim)
    if request.method == "POST":
        if "key" in request.POST:
            drafting.save(claim, me.actor, provider=by_key(request.POST["key"]))
            return redirect(after(claim, Step.PROVIDER))
        if _described(claim, me, described):
            return redirect(after(claim, Step.PROVIDER))
    form = SearchForm(request.GET if "q" in request.GET else None, claim.place)
    found = search(form.cleaned_data["q"], form.cleaned_data["city"]) if form.is_valid() else None
    context = {"form": form, "found": found, "described": described}
    return shown(request, claim, Step.PROVIDER, most=MOST_FOUND, **context)


def _described(claim: Claim, me: Me, form: DescribedForm) -> bool:
    """Save a provider that is not on the list; whether that was done."""
    if not form.is_valid():
        return False
    name, city = form.cleaned_data["name"], form.cleaned_data["city"]
    try:
        drafting.save(claim, me.actor, provider_name=name, care_region=city)
    except Refusal as refusal:
        refused_beside(form, refusal)
        return False
    return True


@step_page()
def invoice(request: HttpRequest, me: Me, claim: Claim) -> HttpResponse:
    """The invoice: read from a file, or typed."""
    kept = pop_kept_input(request)
    form = InvoiceForm(sent_by(request, kept, "save"), claim)
    reading, upload = None, _upload(request)
    if request.method == "POST" and upload.is_bound:
        reading = _read(request, me, claim, upload)
        if reading is not None and not reading.differing:
            return redirect(address_of(claim, Step.INVOICE))
        form = InvoiceForm(None, claim)
    elif request.method == "POST" and form.is_valid():
        try:
            drafting.save(claim, me.actor, **form.said())
        except Refusal as refusal:
            refused_beside(form, refusal)
        else:
            return redirect(after(claim, Step.INVOICE))
    context = {
        "form": form,
        "upload": upload,
        "reading": reading,
        "photos": papers_of(claim.number).filter(material=str(Material.INVOICE), blob__isnull=False),
        "kept_files": bool(kept and kept.files),
    }
    return shown(request, claim, Step.INVOICE, **context)


def _upload(request: HttpRequest) -> FileForm:
    """The form that takes a photo or file of the invoice."""
    sent = (request.POST, received(request)) if request.POST.get("act") == "read" else ()
    return FileForm(
        gettext_lazy("票据的照片、PDF 或 XML 文件"),
        gettext_lazy("数电票能读出号码和金额。读不出的，照片也会存进材料，号码请自己抄写。"),
        "image/*,application/pdf,.xml,application/xml,text/xml",
        *sent,
    )


def _read(request: HttpRequest, me: Me, claim: Claim, upload: FileForm) -> Reading | None:
    """Read the invoice into the claim, and say what was read; None where it was refused, which the form says."""
    if not upload.is_valid():
        return None
    try:
        reading = read_invoice(claim, upload.file, upload.file.name or "", me.actor, keep=True)
    except Refusal as refusal:
        refused_beside(upload, refusal)
        return None
    for name, value in reading.filled.items():
        messages.success(request, READ[name] % _text(value))
    if not reading.filled and not reading.differing:
        messages.success(request, _("读出的和您填的一样。"))
    return reading


READ = {
    "invoice": gettext_lazy("从票据读出票据号 %s，请核对。"),
    "on": gettext_lazy("从票据读出日期 %s，请核对是不是看病那天。"),
    "total": gettext_lazy("从票据读出总金额 %s 元，请核对。"),
}
"""What is said of each fact that was read from an invoice."""


def _text(value: Value) -> str:
    """A fact as people read it."""
    return yuan(value) if isinstance(value, int) else f"{value}"


HINTS = {
    Material.INVOICE: gettext_lazy("号码、日期、金额、公章都要拍清楚。"),
    Material.FEE_LIST: gettext_lazy("药品和项目一项一项列出来的清单，收费窗口可以打印。"),
}


def papers_block(claim: Claim, me: Me, takes: bool) -> PapersBlock:
    """The papers of a claim: what its pool asks for, and what is there."""
    wanted = wanted_for(claim)
    return PapersBlock(
        wanted=() if isinstance(wanted, Refusal) else wanted.materials,
        papers=papers_of(claim.number),
        address=address_of(claim, Step.PAPERS),
        viewer="portal:paper",
        takes=takes,
        removes=takes and claim.state in WRITABLE,
        at_window=me.at_window,
        hints={material: str(hint) for material, hint in HINTS.items()} if takes else {},
    )


def wanted_for(claim: Claim) -> ClaimPapers | MissingParameter:
    """The papers that the pool asks for, or why nothing is known of them."""
    day = timezone.localdate() if claim.state in WRITABLE else claim.submitted_on or timezone.localdate()
    try:
        return requirements(claim.coverage, day, Benefit(claim.benefit or Benefit.GENERAL_OUTPATIENT))
    except MissingParameter as refusal:
        return refusal


@step_page(PAPERS_TAKEN)
def papers(request: HttpRequest, me: Me, claim: Claim) -> HttpResponse:
    """The papers: what the pool asks for, what is there."""
    block = papers_block(claim, me, takes=True)
    if request.method == "POST" and block.carry_out(
        request,
        hand_in=lambda material, file: drafting.add_paper(claim, material, file, file.name, me.actor),
        remove=lambda paper: drafting.remove_paper(claim, paper, me.actor),
        show=lambda material, said: drafting.show_paper(claim, material, said, me.actor),
    ):
        return redirect(address_of(claim, Step.PAPERS) + "#papers")
    kept = pop_kept_input(request)
    context = {
        "papers": block,
        "wanted": wanted_for(claim),
        "writable": claim.state in WRITABLE,
        "kept_files": bool(kept and kept.files),
    }
    return shown(request, claim, Step.PAPERS, **context)
