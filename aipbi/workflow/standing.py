"""What stands in the database behind the door: edges, triggers and grants, put in place after each migration.

Written by the owner of the tables; the portal's own role can then neither change the trail nor
move a state along an edge that no transition declares (L4, architecture: the one idea).
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from aipbi.workflow import registry
from aipbi.workflow.models import Edge, TrailEntry

_FUNCTIONS = """
CREATE OR REPLACE FUNCTION portal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is written once: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE FUNCTION portal_trail_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
  SELECT number, digest INTO last FROM workflow_trailentry WHERE case_id = NEW.case_id ORDER BY number DESC LIMIT 1;
  IF NEW.number <> COALESCE(last.number, 0) + 1 OR NEW.previous <> COALESCE(last.digest, '') THEN
    RAISE EXCEPTION 'trail entry % of case % does not follow the one before it', NEW.number, NEW.case_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION portal_guard_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  this_move text := COALESCE(current_setting('portal.move', true), '');
  old_state text := '';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.state = OLD.state THEN RETURN NEW; END IF;
    old_state := OLD.state;
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM workflow_edge e
    WHERE e.subject = TG_TABLE_NAME AND e.source = old_state AND e.target = NEW.state
      AND (e.source = '' OR e.move = this_move)
  ) THEN
    RAISE EXCEPTION '%: no move leads from "%" to "%" here', TG_TABLE_NAME, old_state, NEW.state
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

-- django-pgtrigger lets a session name triggers to pass over; here nobody may, whoever they are.
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RETURN FALSE;
END $$;
"""

# A temporary table is found before the one whose name it takes: guards look for it last.
_LOOK_HERE_FIRST = """
DO $$
DECLARE guard regprocedure;
BEGIN
  FOR guard IN
    SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
    WHERE p.pronamespace = 'public'::regnamespace AND l.lanname = 'plpgsql' AND pg_get_userbyid(p.proowner) = current_user
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, public, pg_temp', guard);
  END LOOP;
END $$;
"""


def append_only_tables() -> list[str]:
    """Return the tables that are only ever added to: the trail and every row history."""
    events = [m._meta.db_table for m in apps.get_models() if getattr(m, "pgh_tracked_model", None)]
    marked = [m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False)]
    return sorted({TrailEntry._meta.db_table, *events, *marked})


def put_in_place(sender: Any, using: str = "default", **_kwargs: Any) -> None:
    """After the last app has migrated: write the edges, triggers and grants anew."""
    # Django sends the signal only for apps that have models.
    if sender.label != [config.label for config in apps.get_app_configs() if config.models_module][-1]:
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if Edge._meta.db_table not in tables:
            return
        cursor.execute(_FUNCTIONS)
        for table in append_only_tables():
            if table in tables:
                cursor.execute(_append_only(table))
        cursor.execute(
            _trigger(TrailEntry._meta.db_table, "portal_chain", "BEFORE INSERT", "portal_trail_chain", each="ROW")
        )
        for model in registry.subjects().values():
            if model._meta.db_table in tables:
                cursor.execute(
                    _trigger(
                        model._meta.db_table,
                        "portal_state",
                        "BEFORE INSERT OR UPDATE OF state",
                        "portal_guard_state",
                        each="ROW",
                    ),
                )
        cursor.execute(_LOOK_HERE_FIRST)
        write_edges()
        _grant(cursor)


def write_edges() -> None:
    """Replace the edge rows by what the models' transitions say now."""
    rows = set()
    for model in registry.subjects().values():
        table = model._meta.db_table
        starts = {model._meta.get_field("state").default, *model.starts_also}  # type: ignore[misc]
        rows |= {(table, "", "", str(start)) for start in starts}
    for move in registry.moves():
        if move.on:
            rows |= {(move.model._meta.db_table, move.on, source, target) for source, target in move.edges()}
    Edge.objects.all().delete()
    Edge.objects.bulk_create(Edge(subject=s, move=m, source=a, target=b) for s, m, a, b in sorted(rows))


def _append_only(table: str) -> str:
    return _trigger(
        table, "portal_append_only", "BEFORE UPDATE OR DELETE", "portal_append_only", each="ROW"
    ) + _trigger(
        table,
        "portal_no_truncate",
        "BEFORE TRUNCATE",
        "portal_append_only",
        each="STATEMENT",
    )


def _trigger(table: str, name: str, when: str, function: str, *, each: str) -> str:
    return f'CREATE OR REPLACE TRIGGER {name} {when} ON "{table}" FOR EACH {each} EXECUTE FUNCTION {function}();\n'


def _grant(cursor: Any) -> None:
    """Give the portal's own role what it needs and no more, where it is another than the owner."""
    role = settings.DATABASE_APP_ROLE
    cursor.execute("SELECT current_user, EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [role])
    owner, exists = cursor.fetchone()
    if not exists or owner == role:
        return
    quoted = connection.ops.quote_name(role)
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
    cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
    cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
    for table in append_only_tables():
        cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM {quoted}')
    cursor.execute(f'REVOKE INSERT, UPDATE, DELETE ON "{Edge._meta.db_table}", "django_migrations" FROM {quoted}')
