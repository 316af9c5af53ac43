"""How long the machine walks: a minute in the test run, hundreds of thousands of steps in a proof.

No database of failing examples is kept: what was found becomes a test with a name.
"""

from hypothesis import HealthCheck, Phase, settings

_COMMON = settings(
    deadline=None,
    database=None,
    print_blob=False,
    # A walk is slow and draws much by nature.
    suppress_health_check=list(HealthCheck),
)
# The same walks in every run: what fails here fails for everybody.
CI = settings(_COMMON, derandomize=True, max_examples=20, stateful_step_count=40)


def prove(walks: int, steps: int, *, shrinks: bool) -> settings:
    """So many walks of so many steps, from a seed that the caller prints.

    Making a failing walk short takes many times as long as finding it.
    """
    phases = (Phase.generate, Phase.shrink) if shrinks else (Phase.generate,)
    return settings(
        _COMMON,
        max_examples=walks,
        stateful_step_count=steps,
        phases=phases,
        report_multiple_bugs=False,
    )
