from django.db import migrations

from fridhem.foundation.database import walls

SIGNED_IN = "(SELECT acting_user()) IS NOT NULL"
TAKES_IN = "(SELECT acting_role()) IN ('secretary', 'strategist')"
PUBLIC_RECORDS = (
    "council_matter", "council_registry_number", "council_document", "council_reference", "council_decision",
)  # fmt: skip
HANDED_OVER = ("council_delivery", "council_incoming")


class Migration(migrations.Migration):
    dependencies = [("council", "0001_initial"), ("database", "0001_acting")]

    operations = [
        walls.close(*PUBLIC_RECORDS, *HANDED_OVER),
        *(walls.let("everyone", table, may="SELECT", where=SIGNED_IN) for table in PUBLIC_RECORDS),
        *(walls.let("taken_in", table, may="INSERT, UPDATE, DELETE", where=TAKES_IN) for table in PUBLIC_RECORDS),
        *(walls.let("taken_in", table, where=TAKES_IN) for table in HANDED_OVER),
        *(walls.let_house(table, walls.EVERYTHING) for table in (*PUBLIC_RECORDS, *HANDED_OVER)),
    ]
