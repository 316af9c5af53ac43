"""`python -m tests.fuzz TARGET [libFuzzer's arguments]`: atheris on one target."""

import sys

import atheris

# What is imported here is instrumented: the fuzzer then sees which bytes lead where.
with atheris.instrument_imports(include=["agent.hardware"]):
    from tests.fuzz.targets import TARGETS

target = TARGETS[sys.argv.pop(1)]
atheris.Setup(sys.argv, target)
atheris.Fuzz()
