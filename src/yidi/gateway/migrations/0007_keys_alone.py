from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("gateway", "0006_keys")]

    operations = [
        migrations.RemoveField(
            model_name="institution",
            name="paasid",
        ),
        migrations.RemoveField(
            model_name="institution",
            name="secret",
        ),
        migrations.RemoveField(
            model_name="institution",
            name="signed",
        ),
    ]
