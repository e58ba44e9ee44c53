import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fridhem.foundation.crypto.fields as sealed

ID = models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)

KINDS = [
    ("address", "Address"),
    ("phone", "Telephone"),
    ("school", "School or preschool"),
    ("workplace", "Workplace"),
    ("new_name", "New name"),
    ("other", "Other detail"),
]
REASONS = [
    ("contact", "I need to reach the person"),
    ("decision", "I'm writing a decision or a document"),
    ("emergency", "Danger to life or health"),
    ("check", "I'm checking that the data is right"),
]


def refuse_to_lose(apps, schema_editor):
    """No release kept addresses in the column. Should one be there all the same it isn't thrown away."""
    if apps.get_model("persons", "Person").objects.exclude(address=None).exists():
        raise RuntimeError("persons_person.address holds addresses: register them as protected details before this migration.")


class Migration(migrations.Migration):
    """An address was a column; it and its like become rows, each with its own key. Sealed attributes get names that say so."""

    dependencies = [("persons", "0002_one_key_for_each"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.RunPython(refuse_to_lose, migrations.RunPython.noop),
        migrations.RemoveField("person", "address"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("person", "name", "sealed_name"),
                migrations.AlterField(
                    "person", "sealed_name", sealed.SealedField(db_column="name", protected=False, zone="case")
                ),
                migrations.RenameField("person", "identity_number", "sealed_number"),
                migrations.AlterField(
                    "person",
                    "sealed_number",
                    sealed.SealedField(db_column="identity_number", null=True, protected=False, zone="case"),
                ),
                migrations.RenameField("person", "protection", "sealed_protection"),
                migrations.AlterField(
                    "person", "sealed_protection", sealed.SealedField(db_column="protection", protected=False, zone="case")
                ),
            ]
        ),
        migrations.CreateModel(
            name="ProtectedDetail",
            fields=[
                ("id", ID.clone()),
                ("kind", models.CharField(choices=KINDS, max_length=20)),
                ("sealed_value", sealed.SealedField(db_column="value", protected=True, zone="protected")),
                ("valid_from", models.DateField()),
                ("ended_on", models.DateField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="details", to="persons.person"),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="persons.protecteddetail",
                    ),
                ),
            ],
            options={
                "db_table": "persons_protected_detail",
                "ordering": ["kind", "-valid_from", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(ended_on=None) | models.Q(ended_on__gte=models.F("valid_from")),
                        name="persons_detail_ends_after_it_began",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reveal",
            fields=[
                ("id", ID.clone()),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(choices=REASONS, max_length=20)),
                ("words", sealed.SealedField(key_of="detail_id", protected=False, zone="case")),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "detail",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reveals", to="persons.protecteddetail"
                    ),
                ),
            ],
            options={"db_table": "persons_reveal", "ordering": ["-at", "id"]},
        ),
    ]
