"""Asks the running Windows, through its own libraries alone.

The only module that cannot run elsewhere. It decides nothing: every answer goes on as it came, and
every refusal as its number.
"""

import ctypes
import sys
import winreg
from collections.abc import Callable
from types import MappingProxyType

from agent.hardware.windows.answers import (
    INVALID_DATA,
    PROCEDURE_NOT_FOUND,
    Failure,
    Question,
)
from agent.hardware.windows.layouts import (
    HypervisorDetails,
    InterfaceRow,
    InterfacesHeader,
    MemoryStatus,
    size_of,
)

assert sys.platform == "win32"  # noqa: S101 - a type checker learns: the rest is for Windows alone

_SYSTEM_FOLDER_ONLY = 0x800  # LOAD_LIBRARY_SEARCH_SYSTEM32: no library of that name beside us
_FIRMWARE_PROVIDER = int.from_bytes(b"RSMB", "big")
_NO_ACCESS = 0
_SHARED = 0x1 | 0x2 | 0x4  # read, write, delete
_OPEN_EXISTING = 3
_INVALID_HANDLE = ctypes.c_void_p(-1).value
_QUERY_PROPERTY = 0x002D1400
_DISK_EXTENTS = 0x00560000
_DEVICE_PROPERTY = 0
_DEVICE_ID_PROPERTY = 2
_LARGEST_ANSWER = 16 * 1024
_PACKAGES = 3
_HYPERVISOR_DETAILS = 159
# KUSER_SHARED_DATA lies at the same place in every process (ntddk.h); BootId since Windows 10.
_BOOT_ID = 0x7FFE0000 + 0x2C4
_BOOT_ID_BYTES = 4
_UPTIME_BYTES = 8


class LiveAnswers:
    """`WindowsAnswers` from the running system."""

    def ask(self, question: Question, subject: str = "") -> bytes | Failure:
        """Ask once; nothing is kept open."""
        try:
            return _ANSWERS[question](subject)
        except OSError as cause:
            return Failure(cause.winerror or INVALID_DATA)
        except AttributeError:
            # This version's library has no such function.
            return Failure(PROCEDURE_NOT_FOUND)

    def registry(self, key: str, name: str) -> str | int | Failure:
        """Read in the 64-bit view, whatever this Python is."""
        rights = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        try:
            with winreg.OpenKeyEx(winreg.HKEY_LOCAL_MACHINE, key, 0, rights) as opened:
                value, _ = winreg.QueryValueEx(opened, name)
        except OSError as cause:
            return Failure(cause.winerror or INVALID_DATA)
        return value if isinstance(value, str | int) else Failure(INVALID_DATA)


def _library(name: str) -> ctypes.WinDLL:
    return ctypes.WinDLL(f"{name}.dll", use_last_error=True, winmode=_SYSTEM_FOLDER_ONLY)


def _kernel() -> ctypes.WinDLL:
    return _library("kernel32")


def _last_error() -> OSError:
    return ctypes.WinError(ctypes.get_last_error() or INVALID_DATA)


def _volume(volume: str) -> bytes:
    return _device(volume, _DISK_EXTENTS)


def _disk(disk: str) -> bytes:
    return _device(f"PhysicalDrive{disk}", _QUERY_PROPERTY, _DEVICE_PROPERTY)


def _disk_identifiers(disk: str) -> bytes:
    return _device(f"PhysicalDrive{disk}", _QUERY_PROPERTY, _DEVICE_ID_PROPERTY)


def _uptime(_: str) -> bytes:
    ask = _kernel().GetTickCount64
    ask.restype = ctypes.c_uint64
    return int(ask()).to_bytes(_UPTIME_BYTES, "little")


def _boots(_: str) -> bytes:
    return ctypes.string_at(_BOOT_ID, _BOOT_ID_BYTES)


def _firmware(_: str) -> bytes:
    ask = _kernel().GetSystemFirmwareTable
    ask.argtypes = (ctypes.c_uint32, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_uint32)
    ask.restype = ctypes.c_uint32
    return _grown(lambda room, size: ask(_FIRMWARE_PROVIDER, 0, room, size))


def _grown(ask: Callable[[ctypes.Array[ctypes.c_char] | None, int], int]) -> bytes:
    """Ask how large the answer is, then for the answer."""
    size = ask(None, 0)
    if not size:
        raise _last_error()
    room = ctypes.create_string_buffer(size)
    filled = ask(room, size)
    if not 0 < filled <= size:
        raise _last_error()
    return room.raw[:filled]


def _device(name: str, control: int, property_id: int | None = None) -> bytes:
    """One DeviceIoControl on a device opened without any access right."""
    kernel = _kernel()
    kernel.CreateFileW.argtypes = (
        ctypes.c_wchar_p,
        ctypes.c_uint32,
        ctypes.c_uint32,
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_uint32,
        ctypes.c_void_p,
    )
    kernel.CreateFileW.restype = ctypes.c_void_p
    kernel.CloseHandle.argtypes = (ctypes.c_void_p,)
    path = rf"\\.\{name}"
    handle = kernel.CreateFileW(path, _NO_ACCESS, _SHARED, None, _OPEN_EXISTING, 0, None)
    if handle in (None, _INVALID_HANDLE):
        raise _last_error()
    try:
        return _controlled(kernel, handle, control, property_id)
    finally:
        kernel.CloseHandle(handle)


def _controlled(kernel: ctypes.WinDLL, handle: int, control: int, property_id: int | None) -> bytes:
    ask = kernel.DeviceIoControl
    ask.argtypes = (
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.POINTER(ctypes.c_uint32),
        ctypes.c_void_p,
    )
    # STORAGE_PROPERTY_QUERY: the property, the standard question, and room for one more byte.
    query = b"" if property_id is None else property_id.to_bytes(4, "little") + bytes(8)
    room = ctypes.create_string_buffer(_LARGEST_ANSWER)
    filled = ctypes.c_uint32()
    given = ctypes.create_string_buffer(query, len(query)) if query else None
    if not ask(handle, control, given, len(query), room, len(room), ctypes.byref(filled), None):
        raise _last_error()
    return room.raw[: filled.value]


def _interfaces(_: str) -> bytes:
    library = _library("iphlpapi")
    ask, free = library.GetIfTable2, library.FreeMibTable
    ask.argtypes = (ctypes.POINTER(ctypes.c_void_p),)
    ask.restype = ctypes.c_uint32
    free.argtypes = (ctypes.c_void_p,)
    free.restype = None
    table = ctypes.c_void_p()
    error = ask(ctypes.byref(table))
    if error or not table.value:
        raise ctypes.WinError(error or INVALID_DATA)
    try:
        header = InterfacesHeader.from_address(table.value)
        size = size_of(InterfacesHeader) + header.count * size_of(InterfaceRow)
        return ctypes.string_at(table.value, size)
    finally:
        free(table)


def _packages(_: str) -> bytes:
    ask = _kernel().GetLogicalProcessorInformationEx
    ask.argtypes = (ctypes.c_uint32, ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint32))
    needed = ctypes.c_uint32()

    def fill(room: ctypes.Array[ctypes.c_char] | None, size: int) -> int:
        needed.value = size
        done = ask(_PACKAGES, room, ctypes.byref(needed))
        return needed.value if done or room is None else 0

    return _grown(fill)


def _hypervisor(_: str) -> bytes:
    library = _library("ntdll")
    ask, named = library.NtQuerySystemInformation, library.RtlNtStatusToDosError
    ask.argtypes = (
        ctypes.c_uint32,
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.POINTER(ctypes.c_uint32),
    )
    ask.restype = named.restype = ctypes.c_uint32
    named.argtypes = (ctypes.c_uint32,)
    room = ctypes.create_string_buffer(size_of(HypervisorDetails))
    status = ask(_HYPERVISOR_DETAILS, room, len(room), None)
    if status:
        raise ctypes.WinError(named(status))
    return room.raw


def _memory(_: str) -> bytes:
    ask = _kernel().GlobalMemoryStatusEx
    ask.argtypes = (ctypes.c_void_p,)
    status = MemoryStatus(length=size_of(MemoryStatus))
    if not ask(ctypes.byref(status)):
        raise _last_error()
    return bytes(status)


_ANSWERS = MappingProxyType({
    Question.FIRMWARE: _firmware,
    Question.VOLUME: _volume,
    Question.DISK: _disk,
    Question.DISK_IDENTIFIERS: _disk_identifiers,
    Question.INTERFACES: _interfaces,
    Question.PACKAGES: _packages,
    Question.HYPERVISOR: _hypervisor,
    Question.MEMORY: _memory,
    Question.UPTIME: _uptime,
    Question.BOOTS: _boots,
})  # fmt: skip
