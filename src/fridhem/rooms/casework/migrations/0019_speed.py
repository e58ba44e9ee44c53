from django.db import migrations

# As lists they can be looked up in an index, where `IN (SELECT …)` lets the database look at every case there is.
SEEN = "(SELECT acting_in('case')) AND (id = ANY (ARRAY(SELECT casework_mine())) OR unit_id = (SELECT casework_read_unit()))"
OPEN_TO_ME = "id <> ALL (ARRAY(SELECT casework_shut()))"
WAS_SEEN = "(SELECT acting_in('case')) AND (id IN (SELECT casework_mine()) OR unit_id = (SELECT casework_read_unit()))"
WAS_OPEN_TO_ME = "id NOT IN (SELECT casework_shut())"

WALLS = """
ALTER POLICY seen_select ON casework_case USING ({seen});
ALTER POLICY seen_update ON casework_case USING ({seen}) WITH CHECK ({seen});
ALTER POLICY conflict_select ON casework_case USING ({open});
ALTER POLICY conflict_update ON casework_case USING ({open});
ALTER POLICY conflict_delete ON casework_case USING ({open});
"""

# A function with a setting of its own isn't written out into the question that asks it, with all the walls of its tables: that
# made every list take longer to plan than to answer.
APART = """
ALTER FUNCTION casework_stood_in(uuid) SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION casework_steps_for(uuid) SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION casework_delegated(uuid) SET search_path = pg_catalog, pg_temp;
"""
WRITTEN_OUT = """
ALTER FUNCTION casework_stood_in(uuid) RESET search_path;
ALTER FUNCTION casework_steps_for(uuid) RESET search_path;
ALTER FUNCTION casework_delegated(uuid) RESET search_path;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0018_what_happens_beside")]

    operations = [
        migrations.RunSQL(
            WALLS.format(seen=SEEN, open=OPEN_TO_ME),
            WALLS.format(seen=WAS_SEEN, open=WAS_OPEN_TO_ME),
        ),
        migrations.RunSQL(APART, WRITTEN_OUT),
    ]
