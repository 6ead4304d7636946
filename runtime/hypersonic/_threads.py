"""On how many threads parallel loops run."""

from operator import index


def get_num_threads() -> int:
    """On how many threads at most a parallel loop runs that begins now.

    What `set_num_threads` said last; else what `HYPERSONIC_NUM_THREADS`, or `OMP_NUM_THREADS`, said when the first loop began; else the
    number of CPUs that the process may use.
    """
    from . import _dispatch

    return _dispatch.get_num_threads()


def set_num_threads(threads: int) -> None:
    """Says on how many threads at most parallel loops of this process run that begin from now on: 1 or more.

    Results do not depend on it. Raises ValueError for less than 1.
    """
    from . import _dispatch

    threads = index(threads)
    if threads < 1:
        raise ValueError(f"the number of threads must be 1 or more, not {threads}")
    _dispatch.set_num_threads(min(threads, 1024))
