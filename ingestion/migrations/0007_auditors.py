"""A group whose people may read the audit log. Nobody is in it until somebody is put there."""

from django.db import migrations

GROUP = "Auditors"


def make_group(apps, schema_editor):
    kinds = apps.get_model("contenttypes", "ContentType")
    permissions = apps.get_model("auth", "Permission")
    groups = apps.get_model("auth", "Group")
    # On a fresh database Django makes both of these only after the last migration; it then finds them.
    kind, _ = kinds.objects.get_or_create(app_label="ingestion", model="auditevent")
    permission, _ = permissions.objects.get_or_create(
        content_type=kind, codename="view_auditevent", defaults={"name": "Can view audit event"}
    )
    group, made = groups.objects.get_or_create(name=GROUP)
    if made:
        group.permissions.add(permission)


class Migration(migrations.Migration):

    dependencies = [
        ("ingestion", "0006_sessions_and_tokens"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(make_group, migrations.RunPython.noop),
    ]
