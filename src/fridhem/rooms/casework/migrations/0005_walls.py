from django.db import migrations

from fridhem.foundation.database import walls

# Asked as the owner: they answer policies that would else ask themselves, and each concerns the one who acts.
FUNCTIONS = """
CREATE FUNCTION casework_mine() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.case_id FROM public.casework_assignment a WHERE a.user_id = public.acting_user()
    UNION
    SELECT g.case_id FROM public.casework_break_glass g WHERE g.user_id = public.acting_user() AND g.until > now()
$$;
CREATE FUNCTION casework_shut() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT w.case_id FROM public.casework_wall w WHERE w.user_id = public.acting_user()
    UNION
    SELECT c.id FROM public.casework_case c WHERE c.person_id IN (SELECT public.persons_shut())
$$;
CREATE FUNCTION casework_is_shut(wanted uuid, who uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.casework_wall w WHERE w.case_id = wanted AND w.user_id = who)
        OR EXISTS (SELECT FROM public.casework_case c WHERE c.id = wanted AND public.persons_is_shut(c.person_id, who))
$$;
CREATE FUNCTION casework_need(at_place text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT n.sees FROM public.casework_need_to_know n
    WHERE n.role = public.acting_role() AND n.place = at_place AND public.acting_in('case')
    AND n.valid_from <= current_date AND (n.valid_to IS NULL OR n.valid_to >= current_date)
    ORDER BY n.valid_from DESC LIMIT 1
$$;
CREATE FUNCTION casework_read_unit() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN public.casework_need('unit') = 'reads' THEN public.acting_unit() END
$$;
CREATE FUNCTION casework_sees(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.casework_case c WHERE c.id = wanted AND public.acting_in('case')
        AND (c.id IN (SELECT public.casework_mine()) OR c.unit_id = (SELECT public.casework_read_unit()))
        AND NOT public.casework_is_shut(c.id, public.acting_user())
    )
$$;
CREATE FUNCTION casework_known(wanted_person uuid, wanted_number text)
RETURNS TABLE (id uuid, number text, unit_id uuid, status text, opened_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.id, c.number, c.unit_id, c.status, c.opened_on FROM public.casework_case c
    WHERE (c.person_id = wanted_person OR c.number = wanted_number)
    AND public.casework_need(CASE WHEN c.unit_id = public.acting_unit() THEN 'unit' ELSE 'elsewhere' END) IS NOT NULL
    AND NOT public.casework_sees(c.id) AND NOT public.casework_is_shut(c.id, public.acting_user())
    ORDER BY c.opened_on DESC, c.number
$$;
CREATE FUNCTION casework_walled(wanted text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.id FROM public.casework_case c WHERE c.number = wanted AND public.casework_is_shut(c.id, public.acting_user())
$$;
CREATE FUNCTION casework_relatives() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.other_id FROM public.persons_relation r JOIN public.casework_case c ON c.person_id = r.person_id
    WHERE public.acting_in('case')
    AND (c.id IN (SELECT public.casework_mine()) OR c.unit_id = (SELECT public.casework_read_unit()))
    AND c.id NOT IN (SELECT public.casework_shut())
$$;
CREATE FUNCTION casework_is_new(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.casework_case c WHERE c.id = wanted AND c.status = 'open')
        AND NOT EXISTS (SELECT FROM public.casework_assignment a WHERE a.case_id = wanted)
$$;
CREATE FUNCTION casework_has_number(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.casework_case c WHERE c.number = wanted)
$$;
CREATE FUNCTION casework_years() RETURNS SETOF integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT extract(year FROM i.decided_on)::integer FROM public.casework_intervention i
$$;
"""
NAMES = (
    "mine()", "shut()", "is_shut(uuid, uuid)", "need(text)", "read_unit()", "sees(uuid)", "known(uuid, text)", "walled(text)",
    "relatives()", "is_new(uuid)", "has_number(text)", "years()",
)  # fmt: skip
GONE = "".join(f"DROP FUNCTION casework_{name};" for name in reversed(NAMES))

# The team reads; the leader reads the unit's; reception and leaders elsewhere may know that there is a case.
NEEDS = """
INSERT INTO casework_need_to_know (id, role, place, sees, valid_from) VALUES
    (gen_random_uuid(), 'team_leader', 'unit', 'reads', '2020-01-01'),
    (gen_random_uuid(), 'team_leader', 'elsewhere', 'exists', '2020-01-01'),
    (gen_random_uuid(), 'reception', 'unit', 'exists', '2020-01-01'),
    (gen_random_uuid(), 'reception', 'elsewhere', 'exists', '2020-01-01'),
    (gen_random_uuid(), 'caseworker', 'unit', 'exists', '2020-01-01');
"""

OPENS_CASES = "(SELECT acting_in('case') AND acting_role() IN ('reception', 'caseworker', 'team_leader'))"
HANDLED = "person_id IS NULL OR person_id IN (SELECT h.person_id FROM persons_handling h WHERE h.until > now())"
SEEN = """
    (SELECT acting_in('case'))
    AND (id IN (SELECT casework_mine()) OR unit_id = (SELECT casework_read_unit()))
"""
OPEN_TO_ME = "id NOT IN (SELECT casework_shut())"
PERSON_OPEN_TO_ME = "person_id IS NULL OR person_id NOT IN (SELECT persons_shut())"
IN_MY_CASES = "EXISTS (SELECT FROM casework_case c WHERE c.id = case_id)"
MINE = "user_id = (SELECT acting_user())"
I_LEAD = """
    (SELECT acting_role()) = 'team_leader'
    AND EXISTS (SELECT FROM casework_case c WHERE c.id = case_id AND c.unit_id = (SELECT acting_unit()))
"""
PUT_TOGETHER = f"({I_LEAD} OR casework_is_new(case_id)) AND NOT casework_is_shut(case_id, user_id)"
GLASS = f"""
    {OPENS_CASES} AND case_id NOT IN (SELECT casework_shut())
    AND ({MINE} OR opened_at IS NULL OR (SELECT acting_role()) = 'team_leader')
"""
OF_MY_INTERVENTIONS = "EXISTS (SELECT FROM casework_intervention i WHERE i.id = intervention_id)"
IN_MY_CASES_IS_ABOUT = """
    EXISTS (SELECT FROM casework_case c WHERE c.person_id = persons_person.id) OR id IN (SELECT casework_relatives())
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0004_who_needs_to_know"),
        ("persons", "0005_walls"),
        ("database", "0001_acting"),
        ("files", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, GONE),
        migrations.RunSQL(NEEDS, "DELETE FROM casework_need_to_know"),
        walls.close(
            "casework_case", "casework_assignment", "casework_step", "casework_note", "casework_intervention",
            "casework_intervention_reason", "casework_document", "files_file", "files_piece", "casework_need_to_know", "casework_wall", "casework_break_glass",
        ),
        walls.let("seen", "casework_case", may="SELECT, UPDATE", where=SEEN),
        walls.let("opened", "casework_case", may="INSERT", where=f"{OPENS_CASES} AND ({HANDLED})"),
        walls.shut("conflict", "casework_case", where=OPEN_TO_ME, check=PERSON_OPEN_TO_ME),
        walls.let("mine", "casework_assignment", may="SELECT", where=f"{MINE} OR {IN_MY_CASES}"),
        walls.let("put_together", "casework_assignment", may="INSERT", where=PUT_TOGETHER),
        walls.let("team", "casework_step", where=IN_MY_CASES),
        walls.let("team", "casework_note", may="SELECT, INSERT", where=IN_MY_CASES),
        walls.let("team", "casework_intervention", where=IN_MY_CASES),
        walls.let("team", "casework_intervention_reason", may="SELECT, INSERT", where=OF_MY_INTERVENTIONS),
        walls.let("team", "casework_document", may=walls.EVERYTHING, where=IN_MY_CASES),
        walls.let("of_a_case", "files_file", may=walls.EVERYTHING, where="EXISTS (SELECT FROM casework_case c WHERE c.id = owner)"),
        walls.let("of_a_file", "files_piece", may=walls.EVERYTHING, where="EXISTS (SELECT FROM files_file f WHERE f.id = file_id)"),
        walls.let("everyone", "casework_need_to_know", may="SELECT", where="(SELECT acting_user()) IS NOT NULL"),
        walls.let("team", "casework_wall", may="SELECT, INSERT", where=f"user_id <> (SELECT acting_user()) AND {IN_MY_CASES}"),
        walls.let("glass", "casework_break_glass", may="SELECT, UPDATE", where=GLASS),
        walls.let("asked", "casework_break_glass", may="INSERT", where=f"{MINE} AND {GLASS}"),
        walls.let("in_my_cases", "persons_person", may="SELECT, UPDATE", where=IN_MY_CASES_IS_ABOUT),
        walls.let_house("casework_case", "SELECT, UPDATE"),
        walls.let_house("files_file", walls.EVERYTHING),
        walls.let_house("files_piece", walls.EVERYTHING),
        walls.let_house("casework_step", "SELECT, INSERT, UPDATE"),
        walls.let_house("casework_intervention", "SELECT"),
        walls.let_house("casework_intervention_reason", "SELECT"),
    ]  # fmt: skip
