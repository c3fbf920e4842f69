"""Cards: one a row, each with what a reader may do about it."""

from typing import Any, ClassVar, Literal

from dawsos.patterns.panels.actions import Action, ActionSpec, ShapeOf, Source, check_action, fill_action
from dawsos.patterns.panels.answer import PanelResult
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.panels.spec import PanelChecks, PanelSpec
from dawsos.patterns.panels.table import Records, TableData
from dawsos.patterns.problems import Place
from dawsos.patterns.references import Reference
from dawsos.patterns.scope import Shape


class CardsData(TableData):
    """A table to be shown as cards; ``row_actions`` are what a reader may do about each row, in the order of the rows."""

    row_actions: tuple[tuple[Action, ...], ...]


class CardsPanel(PanelResult):
    """Proposals, one a card."""

    type: Literal["action_cards"]
    data: CardsData | None


class Cards(Records, PanelSpec):
    """Rows with columns, and ``row_actions``: what a reader may do about a row. Their sources may be fields of the row."""

    result: ClassVar[type[PanelResult]] = CardsPanel

    type: Literal["action_cards"]
    row_actions: tuple[ActionSpec, ...] = ()

    def check(self, checks: PanelChecks) -> None:
        super().check(checks)
        for index, action in enumerate(self.row_actions):
            inside = checks.inside("row_actions", index)
            check_action(action, self._shapes(inside), inside.add)

    def _shapes(self, checks: PanelChecks) -> ShapeOf:
        def shape_of(source: Source, place: Place) -> Shape | None:
            if isinstance(source, Reference):
                return checks.shape(source, place)
            found = checks.shape(self.of_row(source), place)
            return found if found is None or found.is_unknown else found.item

        return shape_of

    def fill(self, filling: Filling, *, also: tuple[str, ...] = ()) -> CardsData:
        table = super().fill(filling, also=also)
        fields = {source for action in self.row_actions for source in _sources(action) if not isinstance(source, Reference)}
        found = {name: filling.values.several(self.of_row(name)) for name in sorted(fields)}
        offered = []
        for index in range(len(table.rows)):

            def value_of(source: Source, index: int = index) -> Any:
                return filling.values.value(source) if isinstance(source, Reference) else found[source][index].value

            taken = (fill_action(action, value_of) for action in self.row_actions)
            offered.append(tuple(action for action in taken if action is not None))
        return CardsData(**dict(table), row_actions=tuple(offered))


def _sources(action: ActionSpec) -> list[Source]:
    several = list(action.parameters.values())
    if isinstance(action.payload, dict):
        several += action.payload.values()
    return several + [source for source in (action.payload, action.offered) if source is not None and not isinstance(source, dict)]
