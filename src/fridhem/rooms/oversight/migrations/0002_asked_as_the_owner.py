from django.db import migrations

from fridhem.foundation.database import walls

# Asked as the owner, and each asks who acts: ids and numbers of cases for those who guard the record, nothing of what is in them.
FUNCTIONS = """
CREATE FUNCTION oversight_may() RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    RETURN public.acting_role() = 'privacy_officer' AND public.acting_in('audit');

CREATE FUNCTION oversight_case(wanted text) RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.id FROM public.casework_case c WHERE c.number = wanted AND public.oversight_may()
$$;

CREATE FUNCTION oversight_belonging(wanted uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.id FROM public.casework_case c WHERE c.id = wanted AND public.oversight_may()
    UNION SELECT c.person_id FROM public.casework_case c
        WHERE c.id = wanted AND c.person_id IS NOT NULL AND public.oversight_may()
    UNION SELECT i.id FROM public.intake_concern i WHERE i.case_id = wanted AND public.oversight_may()
$$;

-- A colleague who is asked why, and the leader who reviews, know the number of the case in question and of no other.
CREATE FUNCTION oversight_numbers(wanted uuid[]) RETURNS TABLE (id uuid, number text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.id, c.number::text FROM public.casework_case c WHERE c.id = ANY (wanted) AND (
        public.oversight_may()
        OR EXISTS (
            SELECT FROM public.oversight_question q
            JOIN public.audit_entry e ON e.id = q.entry JOIN public.accounts_user u ON u.id = q.colleague_id
            WHERE c.id IN (e.subject, e.about) AND (
                q.colleague_id = public.acting_user()
                OR public.acting_role() = 'team_leader' AND u.unit_id = public.acting_unit()
            )
        )
    )
$$;

-- For the weekly task: who read what, and whether they work with the case that it belongs to.
CREATE FUNCTION oversight_readings(since timestamptz, before timestamptz, verbs text[])
RETURNS TABLE (entry uuid, at timestamptz, verb text, actor uuid, outside boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.id, e.at, e.verb::text, e.actor,
        c.id IS NOT NULL
        AND NOT EXISTS (SELECT FROM public.casework_assignment a WHERE a.case_id = c.id AND a.user_id = e.actor)
        AND NOT (u.role = 'team_leader' AND u.unit_id = c.unit_id)
    FROM public.audit_entry e
    JOIN public.accounts_user u ON u.id = e.actor
    LEFT JOIN public.casework_case c ON c.id IN (e.subject, e.about)
    WHERE e.at >= since AND e.at < before AND e.verb = ANY (verbs) AND public.acting_house()
    ORDER BY e.id
$$;
"""
GONE = """
DROP FUNCTION oversight_readings(timestamptz, timestamptz, text[]);
DROP FUNCTION oversight_numbers(uuid[]);
DROP FUNCTION oversight_belonging(uuid);
DROP FUNCTION oversight_case(text);
DROP FUNCTION oversight_may();
"""

MINE = "colleague_id = (SELECT acting_user())"
I_REVIEW = """
    colleague_id <> (SELECT acting_user()) AND (
        (SELECT oversight_may())
        OR (SELECT acting_role()) = 'team_leader'
        AND colleague_id IN (SELECT u.id FROM accounts_user u WHERE u.unit_id = (SELECT acting_unit()))
    )
"""


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0001_initial"),
        ("audit", "0004_forget_history"),
        ("casework", "0006_history"),
        ("database", "0001_acting"),
        ("intake", "0004_history"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, GONE),
        walls.close("oversight_review", "oversight_question"),
        walls.let("everyone", "oversight_review", where="(SELECT acting_user()) IS NOT NULL", may="SELECT"),
        walls.let_house("oversight_review", "SELECT, INSERT"),
        walls.let("asked", "oversight_question", where=MINE, may="SELECT, UPDATE"),
        walls.let("reviewer", "oversight_question", where=I_REVIEW, may="SELECT, UPDATE"),
        walls.let_house("oversight_question", "SELECT, INSERT"),
    ]
