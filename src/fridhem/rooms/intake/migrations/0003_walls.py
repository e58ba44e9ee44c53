from django.db import migrations

from fridhem.foundation.database import walls

FUNCTIONS = """
CREATE FUNCTION intake_shut() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT w.concern_id FROM public.intake_wall w WHERE w.user_id = public.acting_user()
$$;
CREATE FUNCTION intake_of_case(wanted uuid) RETURNS TABLE (id uuid, received_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.id, c.received_on FROM public.intake_concern c WHERE c.case_id = wanted AND public.casework_sees(wanted)
$$;
"""
GONE = "DROP FUNCTION intake_of_case(uuid); DROP FUNCTION intake_shut();"

# The rooms' first policies let the staff and the worker to everything.
FIRST = "".join(f"DROP POLICY staff_work ON {table};" for table in ("intake_concern", "intake_message", "intake_public_text"))
AGAIN = "".join(
    f"CREATE POLICY staff_work ON {table} TO fridhem_staff, fridhem_worker USING (true) WITH CHECK (true);"
    for table in ("intake_concern", "intake_message", "intake_public_text")
)

ASSESSES = "(SELECT acting_in('intake') AND acting_role() IN ('reception', 'team_leader'))"
OPEN_TO_ME = "{} NOT IN (SELECT intake_shut())"
OF_A_CONCERN = "EXISTS (SELECT FROM intake_concern c WHERE c.id = concern_id)"
SIGNED_IN = "(SELECT acting_user()) IS NOT NULL"
PUBLISHES = "(SELECT acting_role()) IN ('team_leader', 'strategist')"


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_colleagues_named"), ("casework", "0005_walls")]

    operations = [
        migrations.RunSQL(FUNCTIONS, GONE),
        migrations.RunSQL(FIRST, AGAIN),
        walls.close("intake_protection_assessment", "intake_hand_over", "intake_wall"),
        walls.let("assessors", "intake_concern", where=ASSESSES),
        walls.shut("conflict", "intake_concern", where=OPEN_TO_ME.format("id")),
        walls.let("assessors", "intake_message", where=OF_A_CONCERN),
        walls.let("assessors", "intake_protection_assessment", may="SELECT, INSERT", where=OF_A_CONCERN),
        walls.let("assessors", "intake_hand_over", where=OF_A_CONCERN),
        walls.let(
            "assessors", "intake_wall", may="SELECT, INSERT", where=f"user_id <> (SELECT acting_user()) AND {OF_A_CONCERN}"
        ),
        walls.let("everyone", "intake_public_text", may="SELECT", where=SIGNED_IN),
        walls.let("published", "intake_public_text", may="INSERT", where=PUBLISHES),
    ]
