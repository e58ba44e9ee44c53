"""What left the house can't be changed by any process, but goes with its case when the case's time is over."""

from django.db import migrations

from fridhem.foundation.database import walls

TABLES = ("disclosure", "file", "allowance", "departure")
MAKE = """
CREATE FUNCTION disclosures_destroy_{0}s(ids uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM public.disclosures_{0} WHERE id = ANY(ids)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0002_walls")]

    operations = [
        *(migrations.RunSQL(MAKE.format(each), f"DROP FUNCTION disclosures_destroy_{each}s(uuid[])") for each in TABLES),
        *(walls.let("retention", f"disclosures_{each}", where=walls.HOUSE, may="SELECT", to=walls.WORKER) for each in TABLES),
    ]
