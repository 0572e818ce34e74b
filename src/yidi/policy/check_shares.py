"""Shares that meet factors, exceptions and each other: every product is exact, every reference leads to a share."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from yidi.policy.errors import PackProblem
from yidi.policy.forms import AdjustmentDoc, RatioTable, ShareDoc, ShareWhere
from yidi.policy.loaded import LoadedPack, docs, parts, problem
from yidi.policy.pack import BenefitStatement, Components, FilingPack, Pack
from yidi.values.money import PPM, part_of, percent_text

INEXACT = "不能精确到百万分之一"
REMEDY = "核对系数与比例；确属如此的，把乘积写成比例"


def factors(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """Every share times every factor of an adjustment that may meet it is a whole number of parts per million."""
    for loaded in packs:
        if not isinstance(loaded.pack, FilingPack):
            continue
        beside = [other for other in packs if isinstance(other.pack, Pack) and loaded.speaks_with(other)]
        for index, rule in enumerate(loaded.pack.rules):
            for key, doc in rule.adjustment.items():
                inexact = _inexact(doc, beside, packs) if doc.mode == "factor" else None
                if inexact:
                    yield problem(
                        loaded,
                        ("rules", index, "adjustment", str(key)),
                        f"系数 {percent_text(doc.ratio)} 乘规则 {inexact[1]} 的比例 {percent_text(inexact[0])} {INEXACT}",
                        REMEDY,
                    )


def _inexact(
    doc: AdjustmentDoc, beside: Iterable[LoadedPack], packs: Sequence[LoadedPack]
) -> tuple[int, str] | None:
    for loaded in beside:
        for rule in loaded.pack.rules:
            for ppm in sorted(shares_in(rule, loaded, packs)):
                if ppm * doc.ratio % PPM:
                    return ppm, rule.id
    return None


def exceptions(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """Every exception that multiplies the person's own part gives a whole number of parts per million."""
    for loaded, place, doc in docs(packs, ShareDoc):
        possible = _plain(doc, loaded, packs)
        for number, item in enumerate(doc.where):
            if item.person_times is not None:
                inexact = next(
                    (ppm for ppm in sorted(possible) if (PPM - ppm) * item.person_times % PPM), None
                )
                if inexact is not None:
                    own = f"比例 {percent_text(inexact)} 的个人部分"
                    what = f"{own}乘 {percent_text(item.person_times)} {INEXACT}"
                    yield problem(loaded, (*place, "where", number, "person_times"), what, REMEDY)
            possible |= {_changed(ppm, item) for ppm in possible}


def shares_in(rule: Any, loaded: LoadedPack, packs: Sequence[LoadedPack]) -> set[int]:
    """Every share in ppm that a statement may come to: exceptions for some and shares by reference included."""
    found: set[int] = set()
    for _, part in parts(rule):
        if isinstance(part, Components) and part.share is not None:
            share = part.share
            found |= {share} if isinstance(share, int) else _shares(share, loaded, packs)
    return found


def _shares(doc: ShareDoc, loaded: LoadedPack, packs: Sequence[LoadedPack]) -> set[int]:
    possible = _plain(doc, loaded, packs)
    for item in doc.where:
        possible |= {_changed(ppm, item) for ppm in possible}
    return possible


def _plain(doc: ShareDoc, loaded: LoadedPack, packs: Sequence[LoadedPack]) -> set[int]:
    """The shares of a document before its exceptions: its own, or those that it refers to."""
    if doc.as_ is not None:
        found: set[int] = set()
        for other, share in _referred(doc, loaded, packs):
            leads_on = not isinstance(share, int) and share.as_ is not None
            found |= (
                {share} if isinstance(share, int) else set() if leads_on else _shares(share, other, packs)
            )
        return found
    possible = {
        value
        for _, table in parts(doc)
        if isinstance(table, RatioTable)
        for name in RatioTable.model_fields
        if isinstance(value := getattr(table, name), int)
    }
    return possible | {band.share for band in doc.bands or () if isinstance(band.share, int)}


def _changed(ppm: int, item: ShareWhere) -> int:
    """A share as one exception changes it: the arithmetic of `amounts`, which stands above this module."""
    if item.to is not None:
        return item.to
    if item.person_times is not None:
        return PPM - part_of(PPM - ppm, item.person_times)
    return min(max(ppm + (item.plus or 0) - (item.minus or 0), 0), PPM)


def _referred(
    doc: ShareDoc, loaded: LoadedPack, packs: Sequence[LoadedPack]
) -> Iterator[tuple[LoadedPack, ShareDoc | int]]:
    """The shares to which one refers, each with its pack: those of whole statements, not of classes or diseases."""
    for other in packs:
        if other.pack.benefit == doc.as_ and loaded.speaks_with(other):
            for rule in other.pack.rules:
                if isinstance(rule, BenefitStatement) and rule.share is not None:
                    yield other, rule.share


def references(packs: Sequence[LoadedPack]) -> Iterator[PackProblem]:
    """A share by reference leads to a share that is stated."""
    for loaded, place, doc in docs(packs, ShareDoc):
        if doc.as_ is None or doc.as_ == loaded.pack.benefit or not isinstance(loaded.pack, Pack):
            continue
        referred = list(_referred(doc, loaded, packs))
        on = [other for other, share in referred if isinstance(share, ShareDoc) and share.as_ is not None]
        if on:
            what = f"比例引用{doc.as_.zh}，而 {on[0].document.path.name} 中的比例又引用别处"
            yield problem(loaded, (*place, "as"), what, "在其中一处写明比例")
        elif not referred:
            what = f"比例引用{doc.as_.zh}，而这个统筹区没有规则写明{doc.as_.zh}的比例"
            yield problem(loaded, (*place, "as"), what, f"写明比例，或在 {doc.as_} 规则包中写明 share")
