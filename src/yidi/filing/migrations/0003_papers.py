"""Papers of filings move to the room of evidence."""

from django.db import migrations


def hand_over(apps, editor):
    """Each material on record becomes a paper shown without a file; who showed it stands in the trail."""
    papers = apps.get_model("evidence", "Paper").objects
    filings = apps.get_model("filing", "Filing").objects.select_related("coverage")
    for filing in filings.order_by("pk").iterator():
        for material in filing.materials:
            paper = papers.create(
                subject=f"F{filing.pk:010d}",
                person_id=filing.coverage.person_id,
                material=material,
                description="办理时出示",
                handed_in_by="yidi",
            )
            papers.filter(pk=paper.pk).update(at=filing.created)


class Migration(migrations.Migration):
    dependencies = [
        ("filing", "0002_cases"),
        ("evidence", "0001_papers"),
    ]

    operations = [
        migrations.RunPython(hand_over, migrations.RunPython.noop),
        migrations.RemoveField(model_name="filing", name="materials"),
    ]
