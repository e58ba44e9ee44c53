"""Who saw a protected detail can't be changed by any process, but goes with the person when the person's time is over."""

from django.db import migrations

from fridhem.foundation.database import walls

MAKE = """
CREATE FUNCTION persons_destroy_reveals(ids uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM public.persons_reveal WHERE id = ANY(ids)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("persons", "0006_history")]

    operations = [
        migrations.RunSQL(MAKE, "DROP FUNCTION persons_destroy_reveals(uuid[])"),
        walls.let("retention", "persons_person", where=walls.HOUSE, may="SELECT, UPDATE, DELETE", to=walls.WORKER),
        walls.let("retention", "persons_relation", where=walls.HOUSE, may="SELECT, DELETE", to=walls.WORKER),
        walls.let("retention", "persons_protected_detail", where=walls.HOUSE, may="SELECT, UPDATE, DELETE", to=walls.WORKER),
        walls.let("retention", "persons_reveal", where=walls.HOUSE, may="SELECT", to=walls.WORKER),
        walls.let("retention", "persons_handling", where=walls.HOUSE, may="SELECT, DELETE", to=walls.WORKER),
    ]
