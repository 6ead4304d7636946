"""Anything at all as arguments: the kernel or Python answers, or a documented exception is raised; nothing crashes."""

import random

import numpy as np

#: `wait` waits for another thread; `greedy` takes all the memory that there is.
LEFT_OUT = {"wait", "greedy"}


class Sub(np.ndarray):
    pass


class Odd:
    def __getattr__(self, name):
        raise RuntimeError(name)


def pool():
    a = np.arange(24.0)
    odd = np.zeros(25, np.uint8)[1:]
    return [
        *(0, 1, -1, 2**53, 2**63 - 1, 2**63, -(2**63), 2**64, 10**100, True, False, None, ..., NotImplemented),
        *(0.0, -0.0, 1.5, float("nan"), float("inf"), 1j, "", "two", "\ud800", b"x", [], [1.0], (), (a, 3), (3, a), (a,), {}, Odd(), Odd),
        *(float, int, complex, bool, np.float64, np.dtype("f8"), np.dtype(">f8"), object, len, type),
        *(np.float64(1), np.float32(1), np.int64(1), np.int32(1), np.bool_(True), np.complex128(1j), np.datetime64(1, "s")),
        *(a, a.reshape(4, 6), a.reshape(4, 6).T, a.reshape(2, 3, 4), a[::-1], a[::2], a[:0], a.reshape(8, 3), a[0:1], np.array(1.0)),
        *(a.astype(">f8"), a.astype("f4"), a.astype("i8"), a.astype(bool), a.astype(object), a.view(Sub), odd.view("f8"), np.ma.array(a)),
        *(
            np.broadcast_to(np.float64(1), (3, 3)),
            np.zeros((0, 5)),
            np.zeros((5, 0)),
            np.zeros((1,) * 20),
            np.array("text"),
            np.zeros(3, "f8,i4"),
        ),
    ]


def test_random_calls(kernels):
    generator = random.Random(7)
    objects = pool()
    names = sorted(name for name, value in vars(kernels).items() if hasattr(value, "__wrapped__") and name not in LEFT_OUT)
    assert len(names) > 50
    answers = {"kernel": 0, "python": 0, "raised": 0}
    for _ in range(30_000):
        function = getattr(kernels, generator.choice(names))
        code = function.__wrapped__.__code__
        count = code.co_argcount + code.co_kwonlyargcount
        if generator.random() < 0.1:
            count += generator.choice((-1, 1))
        arguments = [generator.choice(objects) for _ in range(max(count, 0))]
        split = generator.randrange(len(arguments) + 1) if generator.random() < 0.3 else len(arguments)
        keywords = dict(zip(code.co_varnames[split:], arguments[split:], strict=False))
        try:
            result = function(*arguments[:split], **keywords)
        except (TypeError, ValueError, KeyError, MemoryError, SystemError, np.linalg.LinAlgError, kernels.OwnError):
            answers["raised"] += 1
        else:
            is_python = type(result) is tuple and bool(result) and type(result[0]) is str
            answers["python" if is_python else "kernel"] += 1
    assert all(count > 500 for count in answers.values()), answers
