import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import fridhem.foundation.crypto.box_field

# The one thing that the public process can read of concerns: the boxes of one mailbox, for whoever knows its lookup value
# (32 bytes that only the receipt gives). It runs as its owner, with its search path pinned.
MAILBOX = """
CREATE FUNCTION intake_mailbox(wanted bytea)
RETURNS TABLE (concern uuid, row_id uuid, direction text, box bytea, day date, seen_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT c.id, c.id, NULL, c.sender_copy, c.received_on, c.seen_on
    FROM public.intake_concern c WHERE c.lookup = wanted
    UNION ALL
    SELECT m.concern_id, m.id, m.direction, m.sender_copy, m.sent_on, m.seen_on
    FROM public.intake_concern c JOIN public.intake_message m ON m.concern_id = c.id WHERE c.lookup = wanted
$$;
REVOKE ALL ON FUNCTION intake_mailbox(bytea) FROM PUBLIC;
"""

# What the public process adds is new and the sender's own, whatever that process is made to say.
POLICIES = """
ALTER TABLE intake_concern ENABLE ROW LEVEL SECURITY;
ALTER TABLE intake_message ENABLE ROW LEVEL SECURITY;
CREATE POLICY staff_work ON intake_concern TO fridhem_staff, fridhem_worker USING (true) WITH CHECK (true);
CREATE POLICY staff_work ON intake_message TO fridhem_staff, fridhem_worker USING (true) WITH CHECK (true);
CREATE POLICY public_adds ON intake_concern FOR INSERT TO fridhem_public
    WITH CHECK (status = 'received' AND seen_on IS NULL AND assigned_to_id IS NULL AND case_id IS NULL AND decided_on IS NULL);
CREATE POLICY public_adds ON intake_message FOR INSERT TO fridhem_public
    WITH CHECK (direction = 'from_sender' AND seen_on IS NULL AND written_by_id IS NULL);
ALTER TABLE intake_public_text ENABLE ROW LEVEL SECURITY;
CREATE POLICY staff_work ON intake_public_text TO fridhem_staff, fridhem_worker USING (true) WITH CHECK (true);
CREATE POLICY public_reads ON intake_public_text FOR SELECT TO fridhem_public USING (published_at <= now());
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("casework", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Concern",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("lookup", models.BinaryField(max_length=32, unique=True)),
                ("mailbox_key", models.BinaryField(max_length=32)),
                ("body", fridhem.foundation.crypto.box_field.BoxField(protected=False, zone="intake")),
                ("sender_copy", fridhem.foundation.crypto.box_field.BoxField(protected=False, zone="mailbox")),
                (
                    "urgency",
                    models.CharField(
                        choices=[
                            ("now", "Someone is in danger right now"),
                            ("today", "Something must happen today"),
                            ("days", "Within a few days"),
                            ("later", "It isn't urgent"),
                            ("unsure", "I don't know"),
                        ],
                        max_length=20,
                    ),
                ),
                ("received_on", models.DateField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("assessing", "Being assessed"),
                            ("taken_up", "Taken up"),
                            ("handed_over", "Handed over"),
                            ("closed", "Closed without a case"),
                        ],
                        default="received",
                        max_length=20,
                    ),
                ),
                ("seen_on", models.DateField(null=True)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("partner", "Violence by a partner or former partner"),
                            ("family", "Violence by another close person"),
                            ("honour", "Honour-related violence and oppression"),
                            ("child", "A child who is harmed or sees violence"),
                            ("uses_violence", "A person who uses violence and wants help"),
                            ("other", "Something else"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "close_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_ground", "Nothing that the social services may look into"),
                            ("already_known", "The case is already open"),
                            ("advice_given", "Advice was enough"),
                            ("declined", "The adult doesn't want an investigation"),
                            ("not_identifiable", "It can't be found out who it is about"),
                            ("not_serious", "Not a concern (advertising, prank)"),
                        ],
                        max_length=20,
                    ),
                ),
                ("decided_on", models.DateField(null=True)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.case"
                    ),
                ),
            ],
            options={
                "db_table": "intake_concern",
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "receiver",
                    models.CharField(
                        choices=[
                            ("on_call", "Social services on call"),
                            ("children", "Children and family unit"),
                            ("adults", "Adult unit"),
                            ("other_municipality", "Another municipality"),
                            ("police", "The police"),
                            ("health", "Health care"),
                        ],
                        max_length=30,
                    ),
                ),
                ("note", fridhem.foundation.crypto.box_field.BoxField(protected=False, zone="intake")),
                ("handed_at", models.DateTimeField()),
                ("received_by", fridhem.foundation.crypto.box_field.BoxField(null=True, protected=False, zone="intake")),
                ("received_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="hand_overs", to="intake.concern"
                    ),
                ),
                (
                    "handed_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "db_table": "intake_hand_over",
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "direction",
                    models.CharField(choices=[("from_sender", "From the sender"), ("to_sender", "To the sender")], max_length=20),
                ),
                ("box", fridhem.foundation.crypto.box_field.BoxField(protected=False, zone="intake")),
                ("sender_copy", fridhem.foundation.crypto.box_field.BoxField(protected=False, zone="mailbox")),
                ("sent_on", models.DateField()),
                ("seen_on", models.DateField(null=True)),
                (
                    "concern",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="intake.concern"),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "intake_message",
            },
        ),
        migrations.CreateModel(
            name="ProtectionAssessment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("not_needed", "No immediate need of protection"),
                            ("arranged", "Need of protection, and it is arranged"),
                            ("urgent", "Need of protection, measures under way now"),
                            ("unclear", "Can't be judged yet"),
                        ],
                        max_length=20,
                    ),
                ),
                ("note", fridhem.foundation.crypto.box_field.BoxField(protected=False, zone="intake")),
                ("made_at", models.DateTimeField()),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="protection_assessments", to="intake.concern"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "db_table": "intake_protection_assessment",
            },
        ),
        migrations.CreateModel(
            name="PublicText",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "key",
                    models.CharField(
                        choices=[
                            ("on_call", "The number to the social services on call"),
                            ("after_sending", "What happens after a concern was sent"),
                        ],
                        max_length=30,
                    ),
                ),
                ("language", models.CharField(choices=[("sv", "Svenska"), ("en", "English"), ("ar", "العربية")], max_length=5)),
                ("title", models.CharField(max_length=120)),
                ("body", models.TextField()),
                ("phone", models.CharField(blank=True, max_length=30)),
                (
                    "review",
                    models.CharField(choices=[("draft", "Draft"), ("reviewed", "Reviewed")], default="draft", max_length=20),
                ),
                ("published_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "intake_public_text",
                "indexes": [models.Index(fields=["key", "language", "published_at"], name="intake_text_in_force")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("published_at__isnull", True), ("review", "reviewed"), _connector="OR"),
                        name="intake_only_reviewed_is_published",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(fields=["status", "received_on"], name="intake_by_status"),
        ),
        migrations.AddConstraint(
            model_name="concern",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("status", "taken_up"), _negated=True), ("case__isnull", False), _connector="OR"),
                name="intake_taken_up_has_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="concern",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "closed"), models.Q(("close_reason", ""), _negated=True)),
                    models.Q(models.Q(("status", "closed"), _negated=True), ("close_reason", "")),
                    _connector="OR",
                ),
                name="intake_closed_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("received_at__isnull", True), ("received_by__isnull", True)),
                    models.Q(("received_at__isnull", False), ("received_by__isnull", False)),
                    _connector="OR",
                ),
                name="intake_receipt_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("received_at__isnull", True), ("withdrawn_at__isnull", True)),
                fields=("concern",),
                name="intake_one_hand_over_on_its_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("direction", "from_sender"), ("written_by__isnull", True)),
                    models.Q(("direction", "to_sender"), ("written_by__isnull", False)),
                    _connector="OR",
                ),
                name="intake_answers_have_an_author",
            ),
        ),
        migrations.RunSQL(MAILBOX, "DROP FUNCTION intake_mailbox(bytea)"),
        migrations.RunSQL(
            POLICIES,
            """
            DROP POLICY staff_work ON intake_concern;
            DROP POLICY public_adds ON intake_concern;
            DROP POLICY staff_work ON intake_message;
            DROP POLICY public_adds ON intake_message;
            DROP POLICY staff_work ON intake_public_text;
            DROP POLICY public_reads ON intake_public_text;
            ALTER TABLE intake_public_text DISABLE ROW LEVEL SECURITY;
            ALTER TABLE intake_concern DISABLE ROW LEVEL SECURITY;
            ALTER TABLE intake_message DISABLE ROW LEVEL SECURITY;
            """,
        ),
    ]
