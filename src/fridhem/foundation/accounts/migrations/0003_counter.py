"""The table where wrong passwords are counted: Django's database cache, which expects it under this name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_sessions_and_codes")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE accounts_counter (
                cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
            );
            CREATE INDEX accounts_counter_expires ON accounts_counter (expires);
            """,
            "DROP TABLE accounts_counter",
        )
    ]
