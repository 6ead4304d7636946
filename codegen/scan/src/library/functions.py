"""Functions of Python's own modules, as compiled code has them: `module.name` is `module__name` here, in this and the files beside it.

They do what those of CPython do to lists, tuples, arrays and numbers: values, order of comparisons, what is changed and what is
raised. What depends on the type of a value is decided when a call is compiled.
"""


def bisect__bisect_right(a, x, lo=0, hi=None, *, key=None):
    if lo < 0:
        raise ValueError("lo must be non-negative")
    end = len(a) if hi is None else hi
    while lo < end:
        middle = (lo + end) // 2
        item = a[middle] if key is None else key(a[middle])
        if x < item:
            end = middle
        else:
            lo = middle + 1
    return lo


def bisect__bisect_left(a, x, lo=0, hi=None, *, key=None):
    if lo < 0:
        raise ValueError("lo must be non-negative")
    end = len(a) if hi is None else hi
    while lo < end:
        middle = (lo + end) // 2
        item = a[middle] if key is None else key(a[middle])
        if item < x:
            lo = middle + 1
        else:
            end = middle
    return lo


def bisect__bisect(a, x, lo=0, hi=None, *, key=None):
    return bisect__bisect_right(a, x, lo, hi, key=key)


def bisect__insort_right(a, x, lo=0, hi=None, *, key=None):
    wanted = x if key is None else key(x)
    a.insert(bisect__bisect_right(a, wanted, lo, hi, key=key), x)


def bisect__insort_left(a, x, lo=0, hi=None, *, key=None):
    wanted = x if key is None else key(x)
    a.insert(bisect__bisect_left(a, wanted, lo, hi, key=key), x)


def bisect__insort(a, x, lo=0, hi=None, *, key=None):
    wanted = x if key is None else key(x)
    a.insert(bisect__bisect_right(a, wanted, lo, hi, key=key), x)


def functools__reduce(function, sequence, *initial):
    items = list(sequence)
    if len(initial) == 0:
        if not items:
            raise TypeError("reduce() of empty iterable with no initial value")
        value = items[0]
        for item in items[1:]:
            value = function(value, item)
    else:
        value = initial[0]
        for item in items:
            value = function(value, item)
    return value


def string__capwords(s, sep=None):
    parts = s.split() if sep is None else s.split(sep)
    words = [part.capitalize() for part in parts]
    return " ".join(words) if sep is None else sep.join(words)


def os_path__join(path, *parts):
    for part in parts:
        if part.startswith("/"):
            path = part
        elif not path or path.endswith("/"):
            path = path + part
        else:
            path = path + "/" + part
    return path
