"""Functions of `itertools`, as compiled code has them: `module.name` is `module__name` here.

A generator is written out where a loop runs over it, once per `yield`: few of them, and what is known of the arguments decides early.
What may be a generator itself is run over once, in order. A length that is known when the call is
compiled makes tuples of that length, any other makes tuples of any length.
"""

from hypersonic_library.said import known, refuse


def itertools__chain(*iterables):
    for iterable in iterables:
        for item in iterable:
            yield item


def itertools_chain__from_iterable(iterables):
    for iterable in iterables:
        for item in iterable:
            yield item


def itertools__accumulate(iterable, func=None, *, initial=None):
    if initial is None:
        first = True
        for item in iterable:
            if first:
                total = item
                first = False
            else:
                total = total + item if func is None else func(total, item)
            yield total
    else:
        total = initial
        yield total
        for item in iterable:
            total = total + item if func is None else func(total, item)
            yield total


def itertools__batched(iterable, n):
    if n < 1:
        raise ValueError("n must be at least one")
    items = list(iterable)
    for start in range(0, len(items), n):
        yield tuple(items[start : start + n])


def ascending(pool, r, apart):
    """Every choice of `r` of the pool whose places are at least so far apart, in order."""
    chosen = [-1] * r
    place = 0
    while place >= 0:
        if place == r:
            yield tuple([pool[i] for i in chosen])
            place -= 1
        else:
            chosen[place] += 1
            if chosen[place] >= len(pool):
                place -= 1
            else:
                if place + 1 < r:
                    chosen[place + 1] = chosen[place] + apart - 1
                place += 1


def itertools__combinations(iterable, r):
    pool = list(iterable)
    size = len(pool)
    if r < 0:
        raise ValueError("r must be non-negative")
    if known(r) and r == 1:
        for i in range(size):
            yield (pool[i],)
    elif known(r) and r == 2:
        for i in range(size):
            for j in range(i + 1, size):
                yield pool[i], pool[j]
    elif known(r) and r == 3:
        for i in range(size):
            for j in range(i + 1, size):
                for k in range(j + 1, size):
                    yield pool[i], pool[j], pool[k]
    else:
        yield from ascending(pool, r, 1)


def itertools__combinations_with_replacement(iterable, r):
    pool = list(iterable)
    size = len(pool)
    if r < 0:
        raise ValueError("r must be non-negative")
    if known(r) and r == 2:
        for i in range(size):
            for j in range(i, size):
                yield pool[i], pool[j]
    else:
        yield from ascending(pool, r, 0)


def itertools__permutations(iterable, r=None):
    pool = list(iterable)
    size = len(pool)
    if known(r) and r == 2:
        for i in range(size):
            for j in range(size):
                if i != j:
                    yield pool[i], pool[j]
    else:
        count = size if r is None else r
        if count < 0:
            raise ValueError("r must be non-negative")
        chosen = [-1] * count
        used = [False] * size
        place = 0
        while place >= 0:
            if place == count:
                yield tuple([pool[i] for i in chosen])
                place -= 1
            else:
                i = chosen[place]
                if i >= 0:
                    used[i] = False
                i += 1
                while i < size and used[i]:
                    i += 1
                if i >= size:
                    chosen[place] = -1
                    place -= 1
                else:
                    chosen[place] = i
                    used[i] = True
                    place += 1


def itertools__product(*iterables, repeat=1):
    if len(iterables) == 0:
        yield ()
    elif len(iterables) == 1 and known(repeat) and repeat == 1:
        for item in list(iterables[0]):
            yield (item,)
    elif len(iterables) == 1 and known(repeat) and repeat == 2:
        pool = list(iterables[0])
        for first in pool:
            for second in pool:
                yield first, second
    elif len(iterables) == 1 and known(repeat) and repeat == 3:
        pool = list(iterables[0])
        for first in pool:
            for second in pool:
                for third in pool:
                    yield first, second, third
    elif len(iterables) == 2 and known(repeat) and repeat == 1:
        rows = list(iterables[0])
        columns = list(iterables[1])
        for first in rows:
            for second in columns:
                yield first, second
    elif len(iterables) == 3 and known(repeat) and repeat == 1:
        rows = list(iterables[0])
        columns = list(iterables[1])
        layers = list(iterables[2])
        for first in rows:
            for second in columns:
                for third in layers:
                    yield first, second, third
    elif len(iterables) == 4 and known(repeat) and repeat == 1:
        rows = list(iterables[0])
        columns = list(iterables[1])
        layers = list(iterables[2])
        blocks = list(iterables[3])
        for first in rows:
            for second in columns:
                for third in layers:
                    for fourth in blocks:
                        yield first, second, third, fourth
    else:
        if repeat < 0:
            raise ValueError("repeat argument cannot be negative")
        given = [list(iterable) for iterable in iterables]
        pools = given * repeat
        count = len(pools)
        chosen = [-1] * count
        place = 0
        while place >= 0:
            if place == count:
                yield tuple([pools[i][chosen[i]] for i in range(count)])
                place -= 1
            else:
                chosen[place] += 1
                if chosen[place] >= len(pools[place]):
                    chosen[place] = -1
                    place -= 1
                else:
                    place += 1


def itertools__groupby(iterable, key=None):
    items = list(iterable)
    start = 0
    while start < len(items):
        mark = items[start] if key is None else key(items[start])
        stop = start + 1
        while stop < len(items) and (items[stop] if key is None else key(items[stop])) == mark:
            stop += 1
        group = items[start:stop]
        start = stop
        yield mark, iter(group)


def own__seen(seen, source, ended, number):
    """Of `tee`: whether there is an item of that number, taken from the source if it is the next; what has ended stays so."""
    if number == len(seen) and not ended:
        if number < len(source):
            seen.append(source[number])
        else:
            ended.append(number)
    return number < len(seen)


def itertools__pairwise(iterable):
    first = True
    for item in iterable:
        if first:
            first = False
        else:
            yield before, item
        before = item


def itertools__repeat(object, times=None):
    if times is None:
        while True:
            yield object
    else:
        for _ in range(times):
            yield object


def itertools__count(start=0, step=1):
    if isinstance(start, int) and isinstance(step, float):
        refuse("`itertools.count` of an int with a step that is a float gives numbers of two types")
    number = start + step * 0
    while True:
        yield number
        number += step


def itertools__cycle(iterable):
    items = list(iterable)
    while len(items) > 0:
        for item in items:
            yield item


def itertools__takewhile(predicate, iterable, /):
    for item in iterable:
        if not predicate(item):
            break
        yield item


def itertools__dropwhile(predicate, iterable, /):
    dropping = True
    for item in iterable:
        if dropping and predicate(item):
            continue
        dropping = False
        yield item


def itertools__filterfalse(predicate, iterable, /):
    for item in iterable:
        if not (item if predicate is None else predicate(item)):
            yield item


def itertools__starmap(function, iterable, /):
    for given in iterable:
        yield function(*given)


def itertools__islice(iterable, *bounds):
    if len(bounds) == 1:
        start = 0
        stop = bounds[0]
        step = 1
    elif len(bounds) == 2:
        start = 0 if bounds[0] is None else bounds[0]
        stop = bounds[1]
        step = 1
    else:
        start = 0 if bounds[0] is None else bounds[0]
        stop = bounds[1]
        step = 1 if bounds[2] is None else bounds[2]
    if start < 0:
        raise ValueError("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    if step < 1:
        raise ValueError("Step for islice() must be a positive integer or None.")
    number = 0
    wanted = start
    if stop is None:
        for item in iterable:
            if number == wanted:
                wanted += step
                yield item
            number += 1
    else:
        if stop < 0:
            raise ValueError("Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
        if stop > start:
            for item in iterable:
                if number == wanted:
                    wanted += step
                    yield item
                number += 1
                if number >= stop:
                    break
        elif start > 0:
            for _ in iterable:
                number += 1
                if number >= start:
                    break


def itertools__compress(data, selectors):
    for item, chosen in zip(data, selectors):
        if chosen:
            yield item


def itertools__zip_longest(*iterables, fillvalue=None):
    if len(iterables) == 2:
        left = list(iterables[0])
        right = list(iterables[1])
        for i in range(max(len(left), len(right))):
            yield (left[i] if i < len(left) else fillvalue), (right[i] if i < len(right) else fillvalue)
    elif len(iterables) == 3:
        left = list(iterables[0])
        middle = list(iterables[1])
        right = list(iterables[2])
        for i in range(max(len(left), len(middle), len(right))):
            first = left[i] if i < len(left) else fillvalue
            second = middle[i] if i < len(middle) else fillvalue
            yield first, second, (right[i] if i < len(right) else fillvalue)
    else:
        refuse("`itertools.zip_longest` is compiled for two or three iterables")
