"""Functions of Python's own modules, as compiled code has them: `module.name` is `module__name` here.

They do what those of CPython do to lists, tuples, arrays and numbers: values, order of comparisons, what is changed and what is
raised. What depends on the type of a value is decided when a call is compiled.
"""

import random


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


def bisect__insort_right(a, x, lo=0, hi=None):
    a.insert(bisect__bisect_right(a, x, lo, hi), x)


def bisect__insort_left(a, x, lo=0, hi=None):
    a.insert(bisect__bisect_left(a, x, lo, hi), x)


def bisect__insort(a, x, lo=0, hi=None):
    a.insert(bisect__bisect_right(a, x, lo, hi), x)


def heapq__heappush(heap, item):
    heap.append(item)
    towards_root(heap, 0, len(heap) - 1)


def heapq__heappop(heap):
    if not heap:
        raise IndexError("index out of range")
    last = heap.pop()
    if not heap:
        return last
    smallest = heap[0]
    heap[0] = last
    towards_leaves(heap, 0)
    return smallest


def heapq__heapreplace(heap, item):
    if not heap:
        raise IndexError("index out of range")
    smallest = heap[0]
    heap[0] = item
    towards_leaves(heap, 0)
    return smallest


def heapq__heappushpop(heap, item):
    if heap and heap[0] < item:
        smallest = heap[0]
        heap[0] = item
        towards_leaves(heap, 0)
        return smallest
    return item


def heapq__heapify(heap):
    for place in range(len(heap) // 2 - 1, -1, -1):
        towards_leaves(heap, place)


def towards_root(heap, root, place):
    """Moves an item up until its parent is not larger."""
    item = heap[place]
    while place > root:
        above = (place - 1) >> 1
        parent = heap[above]
        if not item < parent:
            break
        heap[place] = parent
        place = above
    heap[place] = item


def towards_leaves(heap, place):
    """Moves the smaller child up all the way, then the item up from the leaf: fewer comparisons than to stop on the way."""
    end = len(heap)
    start = place
    item = heap[place]
    child = 2 * place + 1
    while child < end:
        other = child + 1
        if other < end and not heap[child] < heap[other]:
            child = other
        heap[place] = heap[child]
        place = child
        child = 2 * place + 1
    heap[place] = item
    towards_root(heap, start, place)


def heapq__nsmallest(n, iterable, key=None):
    found = sorted(iterable) if key is None else sorted(iterable, key=key)
    return found[: max(n, 0)]


def heapq__nlargest(n, iterable, key=None):
    found = sorted(iterable, reverse=True) if key is None else sorted(iterable, key=key, reverse=True)
    return found[: max(n, 0)]


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


def itertools__chain(*iterables):
    for iterable in iterables:
        for item in iterable:
            yield item


def itertools__accumulate(iterable, func=None, *, initial=None):
    items = list(iterable)
    if initial is not None:
        total = initial
        yield total
        for item in items:
            total = total + item if func is None else func(total, item)
            yield total
    elif items:
        total = items[0]
        yield total
        for item in items[1:]:
            total = total + item if func is None else func(total, item)
            yield total


def itertools__pairwise(iterable):
    items = list(iterable)
    for place in range(len(items) - 1):
        yield items[place], items[place + 1]


def itertools__product(first, second):
    rows = list(first)
    columns = list(second)
    for row in rows:
        for column in columns:
            yield row, column


def itertools__repeat(item, times):
    for _ in range(times):
        yield item


def itertools__takewhile(predicate, iterable):
    for item in iterable:
        if not predicate(item):
            break
        yield item


def itertools__dropwhile(predicate, iterable):
    dropping = True
    for item in iterable:
        if dropping and predicate(item):
            continue
        dropping = False
        yield item


def itertools__filterfalse(predicate, iterable):
    for item in iterable:
        if not predicate(item):
            yield item


def itertools__starmap(function, iterable):
    for first, second in iterable:
        yield function(first, second)


def itertools__islice(iterable, stop):
    if stop > 0:
        taken = 0
        for item in iterable:
            yield item
            taken += 1
            if taken >= stop:
                break


def itertools__compress(data, selectors):
    for item, chosen in zip(data, selectors):
        if chosen:
            yield item


def random__uniform(a, b):
    return a + (b - a) * random.random()


def operator__add(a, b):
    return a + b


def operator__sub(a, b):
    return a - b


def operator__mul(a, b):
    return a * b


def operator__truediv(a, b):
    return a / b


def operator__floordiv(a, b):
    return a // b


def operator__mod(a, b):
    return a % b


def operator__pow(a, b):
    return a**b


def operator__neg(a):
    return -a


def operator__lt(a, b):
    return a < b


def operator__le(a, b):
    return a <= b


def operator__eq(a, b):
    return a == b


def operator__ne(a, b):
    return a != b


def operator__gt(a, b):
    return a > b


def operator__ge(a, b):
    return a >= b


def operator__and_(a, b):
    return a & b


def operator__or_(a, b):
    return a | b


def operator__xor(a, b):
    return a ^ b


def operator__getitem(a, b):
    return a[b]
