"""Bytes that nobody thought of, thrown at what reads firmware: `make fuzz`.

`targets` says what must hold for any bytes. The fuzzer (atheris) is no part of `make check`: there
`test_corpus` gives every target what was found before, in the order of names. An input that breaks
a promise is written into `corpus/`, so it fails the tests from that moment until it is mended.
"""
