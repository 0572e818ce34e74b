"""Deciding by what is on record: what nobody knows counts for nothing, and never makes the funds pay more."""

from datetime import date
from pathlib import Path

import pytest

from tests.people.factories import a_person
from yidi.benefit.explain import explain
from yidi.benefit.split import whole_split
from yidi.ledger.decisions import Answer, decide
from yidi.people.errors import NotOfPersons
from yidi.people.services import register_coverage
from yidi.policy.errors import MissingFact
from yidi.providers.models import Provider
from yidi.providers.services import load_providers
from yidi.reference.errors import BadRow
from yidi.values.terms import Benefit, Scheme, Situation, Standing, Trait

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


def answered(name: str, of_person: list[Trait] | None, of_provider: list[str] | None) -> Answer:
    """What Nanchang pays of 200 yuan for an insured resident at a provider of the lowest level (fact JX-413)."""
    coverage = register_coverage(
        a_person(), "360100", Scheme.RESIDENT, Standing.ADULT, date(2020, 1, 1), traits=of_person
    )
    provider = Provider.objects.create(
        register_key=name, name=name, region="360102", level="primary", source="demo", traits=of_provider
    )
    return decide(
        whole_split(20000), coverage, provider, Benefit.GENERAL_OUTPATIENT, "", Situation.LOCAL, DAY
    )


@pytest.mark.parametrize(
    ("name", "of_person", "of_provider", "fund"),
    [
        ("某社区卫生服务中心", [], [], 12000),
        ("某社区卫生服务中心", [Trait.FAMILY_DOCTOR], [], 13000),
        ("某社区卫生服务中心", None, None, 12000),
        ("某县中医院", [], ["county-tcm"], 8000),
        ("某中医门诊部", [], [], 12000),
    ],
)
def test_what_is_on_record_decides(
    name: str, of_person: list[Trait] | None, of_provider: list[str] | None, fund: int
) -> None:
    assert answered(name, of_person, of_provider).decision.fund == fund


def test_what_would_pay_more_is_said_not_to_be_counted() -> None:
    decision = answered("某社区卫生服务中心", None, None).decision
    assert decision.rule.unknown_traits == {Trait.FAMILY_DOCTOR}
    share = next(step for step in explain(decision).steps if step.kind == "share")
    assert "未计（是否签约家庭医生不详）：签约家庭医生：加 5 个百分点" in share.zh
    assert "not counted (not known whether signed with a family doctor)" in share.en


def test_what_would_pay_less_must_be_known() -> None:
    with pytest.raises(MissingFact, match="县级中医院"):
        answered("某中医院", None, None)


def test_a_provider_file_says_what_a_provider_is(tmp_path: Path) -> None:
    path = tmp_path / "providers.csv"
    header = "name,region_code,level,kind,address,local_code,local_code_kind,national_code,sources,traits\n"
    rows = "甲县中医院,360121,二级,,,1,x,,s,county-tcm\n乙医院,360121,二级,,,2,x,,s,none\n丙医院,360121,二级,,,3,x,,s,\n"
    path.write_text(header + rows, encoding="utf-8")
    load_providers(path)
    assert dict(Provider.objects.values_list("name", "traits")) == {
        "甲县中医院": ["county-tcm"],
        "乙医院": [],
        "丙医院": None,
    }


def test_a_word_that_is_no_providers_is_refused_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "providers.csv"
    header = "name,region_code,level,kind,address,local_code,local_code_kind,national_code,sources,traits\n"
    path.write_text(header + "甲医院,360121,二级,,,1,x,,s,hardship\n", encoding="utf-8")
    with pytest.raises(BadRow, match="hardship"):
        load_providers(path)
    assert not Provider.objects.exists()


def test_what_belongs_to_a_visit_is_not_recorded_of_a_person() -> None:
    with pytest.raises(NotOfPersons, match="生育"):
        register_coverage(
            a_person(), "360100", Scheme.RESIDENT, Standing.ADULT, date(2020, 1, 1), traits=[Trait.MATERNITY]
        )
