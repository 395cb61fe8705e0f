"""Making a room's tables at once: Django would draw all its models anew after each one of them."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.state import ProjectState


class FirstMigration(Migration):
    """A room's first migration, which has nothing to carry over: all models are known, then all tables are made.

    Of models that refer to each other either may come first: foreign keys are put in place at the end.
    """

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: Any = False,  # noqa: FBT002 - Django's
    ) -> ProjectState:
        """Run all operations on the models as they are after the last one."""
        project_state.__dict__.pop("apps", None)  # drawn again when it is next asked for, once
        for operation in self.operations:
            operation.state_forwards(self.app_label, project_state)
        for operation in self.operations:
            operation.database_forwards(self.app_label, schema_editor, project_state, project_state)
        return project_state
