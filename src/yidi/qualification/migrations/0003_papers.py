"""Papers of applications move to the room of evidence."""

from django.db import migrations


def hand_over(apps, editor):
    """Each note of a paper becomes a paper shown without a file; who showed it stands in the trail."""
    papers = apps.get_model("evidence", "Paper").objects
    notes = apps.get_model("qualification", "Evidence").objects.select_related("qualification__coverage")
    for note in notes.order_by("pk").iterator():
        paper = papers.create(
            subject=f"Q{note.qualification_id:010d}",
            person_id=note.qualification.coverage.person_id,
            material=note.material,
            description=note.description or "办理时出示",
            handed_in_by="yidi",
        )
        papers.filter(pk=paper.pk).update(at=note.shown_at)


class Migration(migrations.Migration):
    dependencies = [
        ("qualification", "0002_cases"),
        ("evidence", "0001_papers"),
    ]

    operations = [
        migrations.RunPython(hand_over, migrations.RunPython.noop),
        migrations.DeleteModel(name="Evidence"),
    ]
