"""Compiled loops kept as the machine's own code, and run without importing numba.

Importing numba and what it needs to call one kept loop takes .55 s of CPU, more than half of the time
in which a writer indexes fifty articles; linking a loop's code takes 1 ms.  What is kept is what numba
made, for loops that need nothing of it when they run: they allocate nothing, and return a number or nothing.
Any other, and any that differs from what is expected here, is left to numba.

How numba passes arguments is described in its developer's manual, "Notes on Numba's calling convention";
a loop whose code takes other arguments than that says is not kept.
"""

from __future__ import annotations

import ctypes
import os
import struct
import threading
import zlib
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import llvmlite.binding as llvm
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_HEADER = struct.Struct("<4sIB")
"""Magic, CRC-32 of all that follows, whether the loop returns a number; then its code."""

_MAGIC = b"loop"

_ENTRY = "entry"
"""What a loop's function is called in its code."""

_NEEDED = {"memset": "memset", "memcpy": "memcpy", "memmove": "memmove", "NRT_MemInfo_call_dtor": "abort"}
"""What code may call, and what is called.

The last frees an array when its last reference goes: none is counted here, so it is never called.
"""

_linking = threading.Lock()


class Arguments(NamedTuple):
    """The arguments of a call: what types they are of, and the numbers that numba passes for them.

    An array is passed as two owners (none here), its size, its item's size, its address, shape and strides.
    """

    kinds: tuple[str, ...]
    values: list[int | None]


def arguments(given: Iterable[Any]) -> Arguments | None:
    """Return arguments, arrays, integers and tuples of them, as code takes them; None where it cannot.

    >>> arguments([3, (4, 5)])
    Arguments(kinds=('i', '(', 'i', 'i', ')'), values=[3, 4, 5])
    """
    kinds: list[str] = []
    values: list[int | None] = []
    for one in given:
        if isinstance(one, np.ndarray):
            if not one.flags.c_contiguous:
                return None
            kinds.append(f"{one.dtype.str}{one.ndim}")
            values += (None, None, one.size, one.itemsize, one.ctypes.data, *one.shape, *one.strides)
        elif isinstance(one, tuple):
            inner = arguments(one)
            if inner is None:
                return None
            kinds += ("(", *inner.kinds, ")")
            values += inner.values
        else:
            kinds.append("i")
            values.append(int(one))
    return Arguments(tuple(kinds), values)


def find(folder: Path, name: str, kinds: tuple[str, ...]) -> Callable[[list[int | None]], int | None] | None:
    """Return the loop that is kept for such arguments, None where there is none that is whole."""
    try:
        data = _file(folder, name, kinds).read_bytes()
    except OSError:
        return None
    if len(data) < _HEADER.size:
        return None
    magic, crc, returns = _HEADER.unpack_from(data)
    if magic != _MAGIC or zlib.crc32(data[_HEADER.size - 1 :]) != crc:
        return None
    return _linked(name, data[_HEADER.size :], kinds, returns=bool(returns))


def keep(folder: Path, name: str, function: Callable[..., None], given: tuple[Any, ...]) -> bool:
    """Compile a loop for such arguments and keep its code; return whether that could be done."""
    known = arguments(given)
    if known is None:
        return False
    made = _compiled(function, given, known.kinds)
    if made is None:
        return False
    code, returns = made
    file = _file(folder, name, known.kinds)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = file.with_suffix(f".{os.getpid()}.tmp")
        crc = zlib.crc32(bytes([returns]) + code)
        temporary.write_bytes(_HEADER.pack(_MAGIC, crc, returns) + code)
        temporary.rename(file)
    except OSError:
        return False
    return True


def _file(folder: Path, name: str, kinds: tuple[str, ...]) -> Path:
    """Return where a loop is kept: its code is for one kind of machine."""
    machine = (llvm.get_default_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten())
    digest = sha256("\n".join((*machine, *kinds)).encode()).hexdigest()[:16]
    return folder / f"{name}-{digest}.loop"


def _compiled(
    function: Callable[..., None], given: tuple[Any, ...], kinds: tuple[str, ...]
) -> tuple[bytes, bool] | None:
    """Return a loop's code for such arguments, and whether it returns a number."""
    import numba  # noqa: PLC0415 - what this module is for is that it is not imported where code is kept
    from numba import types  # noqa: PLC0415

    options: dict[str, Any] = {"nogil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    dispatcher: Any = numba.njit(**options)(function)
    dispatcher.compile(tuple(_type(one, types) for one in given))
    (made,) = dispatcher.overloads.values()
    returned = made.signature.return_type
    module = llvm.parse_assembly(dispatcher.inspect_llvm(made.signature.args))
    entry = module.get_function(made.fndesc.llvm_func_name)
    needed = {one.name for one in module.functions if one.is_declaration}
    needed |= {one.name for one in module.global_variables if one.is_declaration}
    strange = [one for one in needed if one not in _NEEDED and not one.startswith("llvm.")]
    expected = f"i32 ({', '.join(('ptr', 'ptr', *_passed(kinds)))})"
    if strange or returned not in {types.none, types.int64} or str(entry.global_value_type) != expected:
        return None
    entry.name = _ENTRY
    return _machine().emit_object(module), returned == types.int64


def _type(one: Any, types: Any) -> Any:
    """Return numba's type of an argument; what is read only is passed as any other array."""
    if isinstance(one, np.ndarray):
        from numba.np.numpy_support import from_dtype  # noqa: PLC0415

        return types.Array(from_dtype(one.dtype), one.ndim, "C")
    if isinstance(one, tuple):
        return types.BaseTuple.from_types(tuple(_type(each, types) for each in one), type(one))
    return types.int64


def _passed(kinds: tuple[str, ...]) -> list[str]:
    """Return what is passed for arguments, in LLVM's words.

    >>> _passed(("i", "|u11"))
    ['i64', 'ptr', 'ptr', 'i64', 'i64', 'ptr', 'i64', 'i64']
    """
    passed: list[str] = []
    for kind in kinds:
        if kind == "i":
            passed.append("i64")
        elif kind not in {"(", ")"}:
            passed += ("ptr", "ptr", "i64", "i64", "ptr", *["i64"] * (2 * int(kind[-1])))
    return passed


@cache
def _machine() -> llvm.TargetMachine:
    """Return this machine, as code is made for it: to be put anywhere."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="pic",
        codemodel="default",
    )


@cache
def _linker() -> llvm.LLJIT:
    return llvm.create_lljit_compiler(_machine())


_kept: list[Any] = []
"""What holds the code that was linked: it stays as long as the process."""


def _linked(
    name: str, code: bytes, kinds: tuple[str, ...], *, returns: bool
) -> Callable[[list[int | None]], int | None] | None:
    """Return code as a function of what ``arguments`` gives, None where it needs something unknown."""
    builder = llvm.JITLibraryBuilder().add_object_img(code).export_symbol(_ENTRY)
    process = ctypes.CDLL(None)
    for needed, called in _NEEDED.items():
        builder.import_symbol(needed, ctypes.cast(getattr(process, called), ctypes.c_void_p).value)
    with _linking:
        try:
            library = builder.link(_linker(), f"{name}-{len(_kept)}")
        except RuntimeError:
            return None
        _kept.append(library)
    passed = [ctypes.c_void_p if one == "ptr" else ctypes.c_int64 for one in _passed(kinds)]
    entry = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, *passed)(library[_ENTRY])

    def call(values: list[int | None]) -> int | None:
        result, error = ctypes.c_int64(), ctypes.c_void_p()
        status = entry(ctypes.byref(result), ctypes.byref(error), *values)
        if status:
            raise RuntimeError(f"the loop {name} failed with status {status}")
        return result.value if returns else None

    return call
