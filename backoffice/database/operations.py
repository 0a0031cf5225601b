"""Migration operations that Django does not have."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterUniqueTogether,
    CreateModel,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger
from typing_extensions import override

PARTS = (CreateModel, AddField, AddConstraint, AddIndex, AddTrigger, AlterUniqueTogether)


class CreateTogether(Operation):
    """The tables of a first migration, made as they are at its end.

    Django rebuilds every related model after each of some hundred small operations, which takes
    most of the time of a fresh `migrate`. Here the operations only build the state; each table is
    then created once, whole, and foreign keys follow at the end of the migration.
    """

    reversible = False

    def __init__(self, operations: Sequence[Operation]) -> None:
        strangers = [part for part in operations if not isinstance(part, PARTS)]
        if strangers:
            message = f"{strangers[0].describe()} cannot be part of CreateTogether."
            raise TypeError(message)
        self.operations = operations

    @override
    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return self.__class__.__name__, [list(self.operations)], {}

    @override
    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # made again when it is asked for, once
        for part in self.operations:
            part.state_forwards(app_label, state)

    @override
    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for part in self.operations:
            if isinstance(part, CreateModel):
                model = to_state.apps.get_model(app_label, part.name)
                if self.allow_migrate_model(schema_editor.connection.alias, model):
                    schema_editor.create_model(model)

    @override
    def describe(self) -> str:
        return "Create the tables"
