"""Documents of any type, built from the bounds that the type itself declares."""

from collections.abc import Iterator
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from protocol.documents import (
    Activate,
    Case,
    CheckIn,
    License,
    Notice,
    Permit,
    Receipt,
    Refusal,
    Release,
    Tombstone,
    Truth,
    Window,
    Withdraw,
)
from protocol.jws import Header
from protocol.trust import Root
from protocol.values import MAX_INTEGER
from protocol.views import Report, StatusCopy

DOCUMENT_TYPES: tuple[type[msgspec.Struct], ...] = (
    Activate,
    CheckIn,
    Release,
    Withdraw,
    Notice,
    License,
    Receipt,
    Window,
    Case,
    Truth,
    Refusal,
    Permit,
    Tombstone,
    Root,
    Header,
    StatusCopy,
    Report,
)
# Long texts and full maps prove nothing that short ones do not.
_ENOUGH = 3


def documents(kind: type[msgspec.Struct]) -> st.SearchStrategy[msgspec.Struct]:
    """Any document of a type."""
    return _values(inspect.type_info(kind))


def _values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.StructType():
            parts = {field.name: _values(field.type) for field in kind.fields}
            return st.builds(kind.cls, **parts)
        case inspect.UnionType():
            return st.one_of([_values(each) for each in kind.types])
        case inspect.VarTupleType():
            least = kind.min_length or 0
            return st.lists(_values(kind.item_type), min_size=least, max_size=_ENOUGH).map(tuple)
        case inspect.DictType():
            keys, values = _values(kind.key_type), _values(kind.value_type)
            return st.dictionaries(keys, values, min_size=kind.min_length or 0, max_size=_ENOUGH)
        case _:
            return _scalars(kind)


def _scalars(kind: inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.IntType():
            return st.integers(kind.ge or 0, MAX_INTEGER if kind.le is None else kind.le)
        case inspect.StrType():
            return _texts(kind)
        case inspect.EnumType():
            return st.sampled_from(list(kind.cls))
        case inspect.BoolType():
            return st.booleans()
        case _:
            assert isinstance(kind, inspect.NoneType), f"no document had a {kind} before"
            return st.none()


def _texts(kind: inspect.StrType) -> st.SearchStrategy[str]:
    if kind.pattern is not None:
        ascii_only = st.characters(codec="ascii")
        return st.from_regex(kind.pattern, alphabet=ascii_only)
    least = kind.min_length or 0
    longest = least + _ENOUGH if kind.max_length is None else min(kind.max_length, least + _ENOUGH)
    return st.text(st.characters(codec="utf-8"), min_size=least, max_size=longest)


def depth(kind: inspect.Type) -> int:
    """How deep the deepest honest value of a type is nested."""
    inner = max((depth(child) for child in _children(kind)), default=0)
    holds = (inspect.StructType, inspect.DictType, inspect.VarTupleType)
    return inner + isinstance(kind, holds)


def _children(kind: inspect.Type) -> Iterator[inspect.Type]:
    match kind:
        case inspect.StructType():
            yield from (field.type for field in kind.fields)
        case inspect.UnionType():
            yield from kind.types
        case inspect.DictType():
            yield kind.value_type
        case inspect.VarTupleType():
            yield kind.item_type
        case _:
            return
