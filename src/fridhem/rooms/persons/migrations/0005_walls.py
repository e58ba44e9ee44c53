from django.db import migrations

from fridhem.foundation.database import walls

# Asked as the owner, so that a policy on persons can ask of persons. Whom they don't concern they tell nothing.
FUNCTIONS = """
CREATE FUNCTION persons_shut() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.id FROM public.persons_recusal r JOIN public.persons_person p ON p.identity_index = r.identity_index
    WHERE r.user_id = public.acting_user() AND r.lifted_at IS NULL
$$;
CREATE FUNCTION persons_is_shut(wanted uuid, who uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.persons_recusal r JOIN public.persons_person p ON p.identity_index = r.identity_index
        WHERE p.id = wanted AND r.user_id = who AND r.lifted_at IS NULL
    )
$$;
CREATE FUNCTION persons_known(wanted bytea) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.id FROM public.persons_person p WHERE p.identity_index = wanted AND NOT EXISTS (
        SELECT FROM public.persons_recusal r
        WHERE r.identity_index = wanted AND r.user_id = public.acting_user() AND r.lifted_at IS NULL
    )
$$;
"""
GONE = "DROP FUNCTION persons_known(bytea); DROP FUNCTION persons_is_shut(uuid, uuid); DROP FUNCTION persons_shut();"

MINE = "user_id = (SELECT acting_user())"
OPENS_CASES = "(SELECT acting_in('case') AND acting_role() IN ('reception', 'caseworker', 'team_leader'))"
HANDLED = f"""
    (SELECT acting_in('case'))
    AND id IN (SELECT h.person_id FROM persons_handling h WHERE h.{MINE} AND h.until > now())
"""
NOT_RECUSED = f"identity_index IS NULL OR identity_index NOT IN (SELECT r.identity_index FROM persons_recusal r WHERE r.{MINE} AND r.lifted_at IS NULL)"
MY_LEADER = """
    (SELECT acting_role()) = 'team_leader'
    AND EXISTS (SELECT FROM accounts_user u WHERE u.id = user_id AND u.unit_id = (SELECT acting_unit()))
"""
OF_A_DETAIL = "EXISTS (SELECT FROM persons_protected_detail d WHERE d.id = detail_id)"
VISIBLE = "EXISTS (SELECT FROM persons_person p WHERE p.id = {})"


class Migration(migrations.Migration):
    dependencies = [("persons", "0004_handlings_and_recusals"), ("database", "0001_acting"), ("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, GONE),
        walls.close(
            "persons_person",
            "persons_relation",
            "persons_handling",
            "persons_recusal",
            "persons_protected_detail",
            "persons_reveal",
        ),
        walls.let("handled", "persons_person", may="SELECT, UPDATE", where=HANDLED),
        walls.let("registered", "persons_person", may="INSERT", where=OPENS_CASES),
        walls.shut("recused", "persons_person", where="id NOT IN (SELECT persons_shut())", check=NOT_RECUSED),
        walls.let(
            "seen",
            "persons_relation",
            may="SELECT, INSERT, DELETE",
            where=VISIBLE.format("person_id"),
            check=f"{VISIBLE.format('person_id')} AND {VISIBLE.format('other_id')}",
        ),
        walls.let("seen", "persons_protected_detail", where=VISIBLE.format("person_id")),
        walls.let(
            "seen",
            "persons_reveal",
            may="SELECT, INSERT",
            where=OF_A_DETAIL,
            check=f"by_id = (SELECT acting_user()) AND {OF_A_DETAIL}",
        ),
        walls.let("mine", "persons_handling", where=MINE, check=f"{MINE} AND {OPENS_CASES}"),
        walls.shut("recused", "persons_handling", where="person_id NOT IN (SELECT persons_shut())"),
        walls.let("mine", "persons_recusal", may="SELECT, INSERT", where=MINE),
        walls.let("leader", "persons_recusal", where=MY_LEADER),
    ]
