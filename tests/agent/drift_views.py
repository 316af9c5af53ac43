"""The view of a machine that drifted, for all that prints it."""

from protocol.views import ComponentView, DriftView

DRIFT = DriftView(
    verdict="changed",
    score=799,
    coverage=1000,
    components=(
        ComponentView(
            id="board",
            status="changed",
            weight=25,
            was="A MAKER WITH A LONG NAME AND MODEL …8YX.",
            now="…4BC.",
        ),
        ComponentView(id="nic", status="unknown", weight=10, was="…0:01", now=None),
        ComponentView(id="cpu", status="unknown", weight=5, was=None, now=None),
        ComponentView(id="memory", status="same", weight=5, was="…1", now="…1"),
        ComponentView(id="platform", status="changed", weight=0, was="a", now="b"),
    ),
)
