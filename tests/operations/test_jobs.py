"""Jobs: all of them, each once at a time, one failing or not."""

import json
import threading
from datetime import date, timedelta

import pytest
from click.testing import CliRunner, Result
from django.db import connection
from django.utils import timezone

from tests.filing.factories import a_filing
from tests.notices.factories import Pretender, waiting
from tests.qualification.factories import a_qualification
from yidi.accounts.models import Session
from yidi.cli.main import cli
from yidi.filing.models import Filing
from yidi.filing.states import State as FilingState
from yidi.notices import outbox
from yidi.notices.models import Message
from yidi.notices.terms import Channel
from yidi.operations import jobs
from yidi.operations.jobs import LEASE, WORK, Job, run_all
from yidi.operations.models import JobRun
from yidi.qualification.models import Qualification
from yidi.qualification.states import State as QualificationState


@pytest.fixture
def sms(monkeypatch) -> Pretender:
    sender = Pretender()
    monkeypatch.setattr(outbox, "senders", lambda: {Channel.SMS: sender})
    return sender


def outcomes() -> dict[Job, object]:
    return {ran.job: "failed" if ran.failed else ran.outcome for ran in run_all()}


def test_each_job_has_its_work() -> None:
    assert list(WORK) == list(Job)


@pytest.mark.django_db
class TestRuns:
    def test_everything_is_done_and_done_once(self, sms):
        yesterday = timezone.localdate() - timedelta(days=1)
        filing = a_filing(ends=yesterday)
        qualification = a_qualification(QualificationState.APPROVED, ends=yesterday)
        a_filing(
            FilingState.ACTIVE, filing.coverage, care_region="110000", ends=yesterday + timedelta(days=8)
        )
        waiting(subject="C1")
        Session.objects.create(session_key="old", expire_date=timezone.now() - timedelta(days=9))
        assert outcomes() == {
            Job.EXPIRE_FILINGS: {"到期": 1},
            Job.EXPIRE_QUALIFICATIONS: {"到期": 1},
            Job.REMIND: {"备案快到期了": 1},
            # What was waiting, and what the jobs before told the same person.
            Job.DELIVER: {"已发送": 4},
            Job.SWEEP_EVIDENCE: {},
            Job.SWEEP_SESSIONS: {},
        }
        assert Filing.objects.get(pk=filing.pk).state == FilingState.EXPIRED
        assert Qualification.objects.get(pk=qualification.pk).state == QualificationState.EXPIRED
        assert not Session.objects.exists()
        told = Message.objects.count()
        assert all(not done for done in outcomes().values())
        assert Message.objects.count() == told

    def test_what_expires_is_told_and_sent_in_the_same_run(self, sms):
        waiting(subject="C1")
        outcomes()
        a_filing(ends=date(2026, 1, 1))
        found = outcomes()
        assert found[Job.EXPIRE_FILINGS] == {"到期": 1}
        assert found[Job.DELIVER] == {"已发送": 1}
        assert "已到期" in sms.given[-1][2]

    def test_a_job_that_another_run_is_at_is_passed_over(self, sms):
        now = timezone.now()
        JobRun.objects.create(job=str(Job.REMIND), holder="x", held_until=now + timedelta(minutes=1))
        found = outcomes()
        assert found.pop(Job.REMIND) is None
        assert None not in found.values()
        assert JobRun.objects.get(job=str(Job.REMIND)).holder == "x"

    def test_a_run_that_died_holds_nobody_up_for_long(self, sms):
        JobRun.objects.create(
            job=str(Job.REMIND), holder="dead", held_until=timezone.now() - timedelta(seconds=1)
        )
        assert None not in outcomes().values()
        row = JobRun.objects.get(job=str(Job.REMIND))
        assert (row.holder, row.held_until, row.failed) == ("", None, False)

    def test_a_job_that_fails_is_told_and_the_others_go_on(self, sms, monkeypatch, caplog):
        def broken() -> dict[str, int]:
            raise ZeroDivisionError

        monkeypatch.setattr(jobs, "WORK", {**WORK, Job.REMIND: broken})
        waiting()
        found = outcomes()
        assert found.pop(Job.REMIND) == "failed"
        assert found[Job.DELIVER] == {"已发送": 1}
        assert "ZeroDivisionError" in caplog.text
        row = JobRun.objects.get(job=str(Job.REMIND))
        assert (row.failed, row.holder) == (True, "")
        monkeypatch.undo()
        assert "failed" not in outcomes().values()
        assert not JobRun.objects.get(job=str(Job.REMIND)).failed

    def test_a_run_that_outlived_its_lease_leaves_the_row_to_its_successor(self, sms, monkeypatch):
        def slow() -> dict[str, int]:
            JobRun.objects.filter(job=str(Job.REMIND)).update(
                holder="another", held_until=timezone.now() + LEASE
            )
            return {"x": 1}

        monkeypatch.setattr(jobs, "WORK", {**WORK, Job.REMIND: slow})
        outcomes()
        row = JobRun.objects.get(job=str(Job.REMIND))
        assert (row.holder, row.outcome) == ("another", {})


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_do_each_job_once(monkeypatch):
    begun: list[Job] = []
    together = threading.Barrier(2, timeout=20)

    def work(job: Job):
        def done() -> dict[str, int]:
            begun.append(job)
            threading.Event().wait(0.1)
            return {"x": 1}

        return done

    monkeypatch.setattr(jobs, "WORK", {job: work(job) for job in Job})

    def one_run(into: list) -> None:
        together.wait()
        into += list(run_all())
        connection.close()

    results: list[list] = [[], []]
    threads = [threading.Thread(target=one_run, args=(into,)) for into in results]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for job in Job:
        ran = [one for result in results for one in result if one.job is job]
        assert sum(one.outcome == {"x": 1} for one in ran) == begun.count(job) >= 1
        assert not any(one.failed for one in ran)
    assert begun[0] is Job.EXPIRE_FILINGS
    assert begun.count(begun[0]) == 1


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["jobs", *arguments], prog_name="yidi")


@pytest.mark.django_db
class TestCommand:
    @pytest.fixture(autouse=True)
    def _sent_by_a_pretender(self, sms) -> None:
        """No command of these tests sends anything."""

    def test_a_report_that_a_person_can_read(self):
        waiting()
        a_filing(ends=date(2026, 1, 1))
        result = run("run")
        assert result.exit_code == 0
        assert result.stdout.splitlines() == [
            "结束到期的备案：到期 1",
            "结束到期的待遇资格：没有要办的",
            "写提醒：没有要办的",
            "发送短信与邮件：已发送 2",
            "清除没有归属的材料文件：没有要办的",
            "清除过期的登录：没有要办的",
        ]

    def test_a_report_as_data(self):
        rows = json.loads(run("run", "--json").stdout)
        assert [row["job"] for row in rows] == [str(job) for job in Job]
        assert not any(row["failed"] or row["outcome"] for row in rows)

    def test_a_failure_shows_in_the_exit_status(self, monkeypatch):
        def broken() -> dict[str, int]:
            raise ZeroDivisionError

        monkeypatch.setattr(jobs, "WORK", {**WORK, Job.REMIND: broken})
        result = run("run")
        assert result.exit_code == 1
        assert "写提醒：出错，原因见日志" in result.stdout
        assert "清除过期的登录：没有要办的" in result.stdout

    def test_how_it_went_is_shown(self):
        assert "还没有运行过" in run("show").stdout
        waiting()
        JobRun.objects.create(job=str(Job.REMIND), holder="x", held_until=timezone.now() + LEASE)
        run("run")
        text = run("show").stdout
        assert "正在运行" in text
        assert "已发送 1" in text
        assert "短信" in text

    @pytest.mark.parametrize("name", ["run", "show"])
    def test_every_command_explains_itself(self, name):
        assert run(name, "--help").stdout.startswith(f"用法：yidi jobs {name}")
        assert name in run("--help").stdout
