"""The portal's page without a browser. None of these tests may touch a database, and so none does."""

import re
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, QueryDict
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from tests.portal.reading import HAN, Page
from yidi.pages.fields import YuanField
from yidi.pages.templatetags.pages import tel, yuan
from yidi.portal.forms import PlanForm
from yidi.portal.views import plan as views

QUESTION = {
    "home": "360100",
    "care": "310000",
    "scheme": "employee",
    "standing": "retired",
    "disease": "M03900",
    "level": "tertiary",
    "filed": "long-term-resident",
    "on": "2026-11-22",
    "total": "1000",
}


@pytest.fixture
def client() -> Client:
    return Client(SERVER_NAME="localhost")


def ask(client: Client, **different: str) -> str:
    answer = client.get("/", {**QUESTION, **different})
    assert answer.status_code == 200
    return answer.content.decode()


def wrongs(content: str) -> list[str]:
    return [text.strip() for text in re.findall(r'<p class="wrong"[^>]*>(.*?)</p>', content)]


class TestTheForm:
    def test_the_first_page_asks_and_says_nothing_yet(self, client):
        answer = client.get("/")
        content = answer.content.decode()
        page = Page(content)
        assert answer.status_code == 200
        assert page.all("html") == [{"lang": "zh-Hans"}]
        assert wrongs(content) == []
        assert 'id="result"' not in content
        assert 'value="2026-11-22"' in content
        assert "在其他省市参保的" in content
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]

    @pytest.mark.parametrize("query", ["", "?home=1", "?lang=en"])
    def test_every_control_has_a_label_and_every_description_exists(self, client, query):
        page = Page(client.get("/" + query).content.decode())
        ids = [attrs["id"] for _tag, attrs in page.elements if "id" in attrs]
        assert len(ids) == len(set(ids))
        labelled = {attrs["for"] for attrs in page.all("label")}
        controls = [
            attrs for tag in ("input", "select") for attrs in page.all(tag) if attrs.get("type") != "hidden"
        ]
        assert {attrs["id"] for attrs in controls} <= labelled
        described = [
            attrs["aria-describedby"] for _tag, attrs in page.elements if "aria-describedby" in attrs
        ]
        assert {name for names in described for name in names.split()} <= set(ids)

    def test_nothing_is_inline_and_nothing_comes_from_elsewhere(self, client):
        page = Page(ask(client))
        assert not page.all("script")
        assert not page.all("style")
        assert not [attrs for _tag, attrs in page.elements if "style" in attrs]
        links = [attrs["href"] for attrs in page.all("link")]
        assert links
        assert all(link.startswith("/static/") for link in links)

    def test_what_was_typed_comes_back(self, client):
        page = Page(ask(client, total="1,234.50 元", used_fund="５０", excluded="0"))
        values = {attrs["name"]: attrs.get("value") for attrs in page.all("input") if "checked" not in attrs}
        assert values["total"] == "1,234.50 元"
        assert values["used_fund"] == "５０"
        selected = {attrs["value"] for attrs in page.all("option") if "selected" in attrs}
        assert selected == {"360100", "310000", "retired", "M03900", "tertiary", "long-term-resident"}
        assert [attrs for attrs in page.all("details") if "open" in attrs]

    def test_the_address_is_the_whole_question(self, client):
        form = PlanForm(
            QueryDict("&".join(f"{name}={text}" for name, text in QUESTION.items())),
            today=views.timezone.localdate(),
        )
        assert form.is_valid()
        again = PlanForm(form.data, today=form.today)
        assert again.is_valid()
        assert again.question() == form.question()
        assert ask(client) == ask(client)


class TestMistakes:
    @pytest.mark.parametrize(
        ("field", "text", "said"),
        [
            ("home", "", "请选择您参加医保的城市。"),
            ("home", "460100", "没有这个选项"),
            ("care", "", "请选择看病的城市。"),
            ("care", "369900", "没有这个选项"),
            ("scheme", "", "请选择职工医保或居民医保。"),
            ("standing", "", "请选择人员类别"),
            ("standing", "senior", "人员类别与所选的医保不符"),
            ("disease", "", "请选择普通门诊，或您的门诊慢特病病种。"),
            ("disease", "M99999", "没有这个选项"),
            ("level", "", "请选择医院的级别。"),
            ("filed", "exempt", "没有这个选项"),
            ("filed", "", "请选择备案情况。"),
            ("on", "", "请填写看病的日期。"),
            ("on", "2026-13-40", "日期没有看懂"),
            ("on", "2062-01-01", "日期在一年以后"),
            ("total", "一千", "请只填数字"),
            ("total", "1.234", "请只填数字"),
            ("total", "NaN", "请只填数字"),
            ("total", "-1", "金额不能小于 0"),
            ("total", "1e20", "请只填数字"),
            ("total", "100000000", "金额过大"),
            ("excluded", "1000.01", "总额比全自费"),
            ("used_fund", "x", "请只填数字"),
        ],
    )
    def test_each_is_named_beside_its_field(self, client, field, text, said):
        content = ask(client, **{field: text})
        found = wrongs(content)
        assert len(found) == 1
        assert said in found[0]
        assert f'href="#id_{field}' in content or field == "excluded"
        assert "verdict" not in content

    def test_parts_without_a_total(self, client):
        content = ask(client, total="", upfront="5")
        assert wrongs(content) == ["填了费用的构成，请把费用总额也填上。"]

    def test_a_date_that_is_none_is_shown_as_it_was_typed(self, client):
        (field,) = [attrs for attrs in Page(ask(client, on="明天")).all("input") if attrs["name"] == "on"]
        assert (field["type"], field["value"]) == ("text", "明天")

    @pytest.mark.parametrize("text", ["2026年11月22日", "2026/11/22", "20261122"])
    def test_other_spellings_of_a_date_are_understood(self, client, text):
        content = ask(client, on=text)
        (field,) = [attrs for attrs in Page(content).all("input") if attrs["name"] == "on"]
        assert (field["type"], field["value"]) == ("date", "2026-11-22")

    @pytest.mark.parametrize(
        ("text", "fen"),
        [
            ("1000", 100_000),
            ("１，０００．５", 100_050),
            ("¥1,000 元", 100_000),
            (" 0.01 ", 1),
            ("", None),
            ("+3", 300),
        ],
    )
    def test_amounts_as_people_type_them(self, text, fen):
        assert YuanField().clean(text) == fen

    @effort(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.dictionaries(st.sampled_from([*QUESTION, "excluded", "lang", "x"]), st.text(max_size=30)))
    def test_no_address_breaks_the_page(self, client, query):
        assert client.get("/", {**QUESTION, **query}).status_code == 200
        assert client.get("/", query).status_code == 200

    def test_no_amount_and_no_year_breaks_the_page(self, client):
        for different in (
            {"on": "0001-01-01"},
            {"total": "0"},
            {"total": "99999999.99"},
            {"used_fund": "99999999"},
        ):
            assert "verdict" in ask(client, **different)

    @pytest.mark.parametrize("method", ["post", "put", "delete"])
    def test_the_page_is_only_read(self, method):
        client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
        answer = getattr(client, method)("/")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
        content = answer.content.decode()
        assert "这个页面不接收提交" in content
        assert "This page takes no submissions" in content
        assert "CSRF" not in content

    def test_an_amount_that_is_refused_is_not_promised(self, client):
        content = ask(client, used_fund="3900")
        assert "可以直接结算" not in content
        assert "先向参保地核实" in content

    def test_age_and_what_holds_for_the_person_count(self, client):
        resident = {"scheme": "resident", "standing": "adult", "disease": "general", "level": "primary"}
        at_home = {**resident, "home": "360100", "care": "360100", "total": "200", "on": "2026-03-02"}
        assert "是否签约家庭医生不详" in ask(client, **at_home)
        assert "签约家庭医生：加 5 个百分点" in ask(client, **at_home, traits="family-doctor", age="６８岁")

    @pytest.mark.parametrize(
        ("field", "typed", "said"),
        [("age", "六十", "年龄没有看懂"), ("age", "131", "0 到 130"), ("traits", "rich", "没有这个选项")],
    )
    def test_what_is_no_age_and_no_trait_is_refused_beside_the_field(self, client, field, typed, said):
        content = ask(client, **{field: typed})
        assert said in content
        assert '<details class="more" open>' in content

    def test_a_deductible_left_out_is_taken_as_unused(self, client):
        assert "按起付线还没有付过估算" in ask(client, disease="general", used_fund="100")


class TestTheAnswer:
    def test_verdict_amounts_steps_and_sources(self, client):
        content = ask(client)
        assert "可以直接结算" in content
        assert "850.00" in content
        assert "150.00" in content
        assert "《门诊慢特病病种待遇认定申请表》" in content
        assert "江西省异地门诊报销流程" in content
        assert 'href="tel:079112393"' in content
        assert "未备案" in content
        assert "680.00" in content

    def test_not_filed(self, client):
        content = ask(client, filed="unfiled")
        assert "先办备案，再直接结算" in content
        assert "先备案再去：不用垫付，最多大约报 <strong>850.00</strong> 元" in content
        assert "《江西省医疗保险异地就医自助备案表》" in content
        assert "赣服通医保专区" in content

    def test_not_filed_and_already_treated(self, client):
        content = ask(client, filed="unfiled", on="2026-11-01")
        assert "需先垫付，再回参保地报销" in content
        assert "医院收费票据" in content

    def test_a_refusal_stands_where_the_amount_would(self, client):
        content = ask(client, scheme="resident", standing="senior", disease="general")
        assert "算不出金额" in content
        assert "报销比例" in content
        assert "按这个顺序办" in content

    def test_without_a_bill_the_benefit_is_shown(self, client):
        content = ask(client, total="", disease="general")
        assert "填上费用总额，就能估算金额" in content
        assert "起付线：年度 300.00 元" in content

    def test_every_reference_leads_to_a_source(self, client):
        page = Page(ask(client, filed="unfiled"))
        ids = {attrs["id"] for _tag, attrs in page.elements if "id" in attrs}
        targets = {attrs["href"][1:] for attrs in page.all("a") if attrs["href"].startswith("#")}
        assert targets <= ids
        assert {"source-1", "source-9"} <= targets

    def test_the_bar_is_as_wide_as_the_bill(self, client):
        page = Page(ask(client, total="1000", excluded="100", upfront="50"))
        bars = [attrs for attrs in page.all("rect") if attrs.get("height") == "28"]
        assert [(attrs["x"], attrs["width"]) for attrs in bars] == [
            ("0%", "72.25%"),
            ("72.25%", "12.75%"),
            ("85%", "15%"),
        ]
        assert [attrs for attrs in page.all("svg") if "基金支付 722.50 元" in attrs.get("aria-label", "")]

    def test_a_bill_of_nothing_has_an_empty_bar(self, client):
        assert 'width="0%"' in ask(client, total="0")


class TestLanguages:
    def test_english_is_asked_for_and_remembered(self, client):
        answer = client.get("/", {**QUESTION, "lang": "en"})
        assert answer.headers["Content-Language"] == "en"
        assert answer.cookies["django_language"].value == "en"
        assert "Direct settlement is possible" in client.get("/", QUESTION).content.decode()
        assert "可以直接结算" in client.get("/", {**QUESTION, "lang": "zh-hans"}).content.decode()

    def test_chinese_comes_first_whatever_the_browser_prefers(self):
        client = Client(SERVER_NAME="localhost", headers={"accept-language": "en"})
        assert Page(client.get("/").content.decode()).all("html") == [{"lang": "zh-Hans"}]

    def test_the_switch_keeps_the_question(self, client):
        (link,) = [attrs for attrs in Page(ask(client)).all("a") if attrs.get("hreflang") == "en"]
        assert QueryDict(link["href"][1:]).dict() == {**QUESTION, "lang": "en"}

    def test_an_unknown_language_is_chinese(self, client):
        assert "可以直接结算" in ask(client, lang="fr")

    @pytest.mark.parametrize(
        "different",
        [
            {},
            {"filed": "unfiled"},
            {"filed": "unfiled", "on": "2026-11-01"},
            {"disease": "general"},
            {"total": ""},
            {"care": "360400"},
        ],
    )
    def test_the_english_page_keeps_chinese_to_names(self, client, different):
        page = Page(client.get("/", {**QUESTION, **different, "lang": "en"}).content.decode())
        assert page.all("html") == [{"lang": "en"}]
        assert list(_left_over(page)) == []

    def test_mistakes_are_named_in_english(self, client):
        content = ask(client, lang="en", home="", total="x", on="x", scheme="resident")
        assert [HAN.findall(text) for text in wrongs(content)] == [[]] * 4


def _left_over(page: Page) -> Iterator[str]:
    """Chinese that is neither marked as such nor a name of a region or disease, nor quoted from a rule."""
    for text in page.foreign_text:
        without_names = re.sub(
            "江西省(南昌市|九江市)?|上海市|高血压|(?<=in Chinese: ).*|(?<=Note of the rule: “)[^”]*", "", text
        )
        yield from HAN.findall(without_names)


class TestErrorPages:
    def test_no_such_page_in_both_languages(self, client):
        answer = client.get("/no-such-page")
        content = answer.content.decode()
        assert answer.status_code == 404
        assert "没有这个页面" in content
        assert "There is no such page" in content
        Page(content)

    def test_a_bad_request_and_a_failure(self, monkeypatch):
        assert Client(SERVER_NAME="elsewhere.example").get("/").status_code == 400

        def fail(_request: HttpRequest) -> None:
            raise RuntimeError("on purpose")

        monkeypatch.setattr(views, "plan", fail)
        answer = Client(SERVER_NAME="localhost", raise_request_exception=False).get("/", QUESTION)
        assert answer.status_code == 500
        assert "Something went wrong on our side" in answer.content.decode()
        assert "on purpose" not in answer.content.decode()


def test_small_helpers():
    assert yuan(123_456_789) == "1,234,567.89"
    assert (tel("0791-12393"), tel("区号+12393")) == ("079112393", "")
