"""Arrays on a GPU as other libraries have them, made with nothing but the driver. Works with the real one, too."""

from __future__ import annotations

import ctypes
import os
from typing import Any

import hypersonic
import numpy as np

cuda = ctypes.CDLL(os.environ["HYPERSONIC_LIBCUDA"])
_context = ctypes.c_void_p()


def check(code: int) -> None:
    """Asserts that the driver did what it was asked for."""
    assert code == 0, f"the driver said {code}"


check(cuda.cuInit(0))
check(cuda.cuDevicePrimaryCtxRetain(ctypes.byref(_context), 0))
check(cuda.cuCtxPushCurrent_v2(_context))


def launches() -> int:
    """How many kernels ran."""
    return int(cuda.standin_launches())


class OnDevice:
    """An array whose bytes, with all that lies between them, are on the GPU."""

    def __init__(self, values: Any, version: int = 3, **interface: Any) -> None:
        base = values
        while isinstance(base.base, np.ndarray):
            base = base.base
        raw = np.ascontiguousarray(base.ravel(order="K"))
        start = values.__array_interface__["data"][0] - base.__array_interface__["data"][0]
        self.raw, self.values = raw, values
        address = ctypes.c_uint64()
        check(cuda.cuMemAlloc_v2(ctypes.byref(address), ctypes.c_size_t(max(raw.nbytes, 1))))
        self.address = address.value
        if raw.nbytes:
            check(cuda.cuMemcpyHtoD_v2(address, raw.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(raw.nbytes)))
        self.offset = start
        self.__cuda_array_interface__ = {
            "shape": values.shape,
            "strides": None if values.flags.c_contiguous else values.strides,
            "typestr": values.dtype.str,
            "data": (self.address + start if raw.nbytes else 0, False),
            "version": version,
            **interface,
        }

    def free(self) -> None:
        """Frees the memory."""
        check(cuda.cuMemFree_v2(ctypes.c_uint64(self.address)))

    def host(self) -> Any:
        """A copy of the values."""
        raw = np.empty_like(self.raw)
        if raw.nbytes:
            check(cuda.cuMemcpyDtoH_v2(raw.ctypes.data_as(ctypes.c_void_p), ctypes.c_uint64(self.address), ctypes.c_size_t(raw.nbytes)))
        offset = self.offset if raw.nbytes else 0
        return np.ndarray(self.values.shape, self.values.dtype, raw, offset, self.values.strides)


def to_host(value: Any) -> Any:
    """A result with its arrays on the host."""
    if isinstance(value, tuple):
        return tuple(to_host(item) for item in value)
    if isinstance(value, OnDevice):
        return value.host()
    return value.copy_to_host() if isinstance(value, hypersonic.DeviceArray) else value
