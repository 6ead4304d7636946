"""The oracle's NumPy: the one of CPUs without fused multiply-add. It has to be chosen before NumPy is loaded.

NumPy's loops over complex numbers fuse one of the two products of a part where the CPU can: the real part of `np.square(0.1+0.1j)` is 0.0 on
one machine and -8.3e-19 on another. Kernels never fuse, so they are compared, bit for bit, with what NumPy gives where it does not either.
"""

from __future__ import annotations

import os
import sys

# NumPy before 2.4 names single features, later ones levels. It takes no notice of names that it does not know.
FUSING = "FMA3 AVX2 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR X86_V3 X86_V4"


def choose() -> None:
    """Loads NumPy with the loops of its baseline, once a process."""
    if "numpy" not in sys.modules:
        os.environ["NPY_DISABLE_CPU_FEATURES"] = FUSING
    import numpy as np

    assert not np.square(np.full(8, 0.1 + 0.1j)).real.any(), "NumPy was loaded before and fuses complex products"
