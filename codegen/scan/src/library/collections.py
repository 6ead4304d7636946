"""What methods of the classes of `collections`, of bytes, and `zip(*rows)` do, as far as it is written in Python.

None of these has a name of Python's.
"""

from collections import Counter


def columns_of_rows(rows):
    found = []
    if rows:
        shortest = min([len(row) for row in rows])
        for place in range(shortest):
            found.append(tuple([row[place] for row in rows]))
    return found


def deque_shorten(items):
    """Gives up what is too much for a new deque."""
    most = items.maxlen
    if most is not None:
        while len(items) > most:
            items.popleft()


def deque_require_room(items):
    most = items.maxlen
    if most is not None and len(items) >= most:
        raise IndexError("deque already at its maximum size")


def deque_rotate(items, steps):
    size = len(items)
    if size < 2:
        return
    steps %= size
    if steps > size // 2:
        steps -= size
    if steps == 0:
        # A running loop sees that, too.
        items.append(items.pop())
    for _ in range(steps):
        items.appendleft(items.pop())
    for _ in range(-steps):
        items.append(items.popleft())


def counter_update(counts, other):
    for item, count in other.items():
        counts[item] = count + counts.get(item, 0)


def counter_subtract(counts, other):
    for item, count in other.items():
        counts[item] = counts.get(item, 0) - count


def counter_total(counts):
    return sum(counts.values())


def counter_elements(counts):
    found = []
    for item, count in counts.items():
        for _ in range(count):
            found.append(item)
    return found


def counter_most_common(counts):
    return sorted(counts.items(), key=lambda entry: entry[1], reverse=True)


def counter_most_common_of(counts, n):
    return sorted(counts.items(), key=lambda entry: entry[1], reverse=True)[: max(n, 0)]


def counter_plus(a, b):
    result = Counter()
    for item, count in a.items():
        both = count + b.get(item, 0)
        if both > 0:
            result[item] = both
    for item, count in b.items():
        if item not in a and count > 0:
            result[item] = count
    return result


def counter_minus(a, b):
    result = Counter()
    for item, count in a.items():
        rest = count - b.get(item, 0)
        if rest > 0:
            result[item] = rest
    for item, count in b.items():
        if item not in a and count < 0:
            result[item] = 0 - count
    return result


def counter_union(a, b):
    result = Counter()
    for item, count in a.items():
        most = max(count, b.get(item, 0))
        if most > 0:
            result[item] = most
    for item, count in b.items():
        if item not in a and count > 0:
            result[item] = count
    return result


def counter_intersection(a, b):
    result = Counter()
    for item, count in a.items():
        least = min(count, b.get(item, 0))
        if least > 0:
            result[item] = least
    return result


def counter_positive(counts):
    result = Counter()
    for item, count in counts.items():
        if count > 0:
            result[item] = count
    return result


def counter_negative(counts):
    result = Counter()
    for item, count in counts.items():
        if count < 0:
            result[item] = 0 - count
    return result


def counter_keep_positive(counts):
    for item in [item for item, count in counts.items() if count <= 0]:
        del counts[item]


def counter_add_in_place(counts, other):
    for item, count in other.items():
        counts[item] = counts.get(item, 0) + count
    counter_keep_positive(counts)


def counter_subtract_in_place(counts, other):
    for item, count in other.items():
        counts[item] = counts.get(item, 0) - count
    counter_keep_positive(counts)


def counter_unite_in_place(counts, other):
    for item, count in other.items():
        if count > counts.get(item, 0):
            counts[item] = count
    counter_keep_positive(counts)


def counter_intersect_in_place(counts, other):
    for item, count in counts.items():
        least = other.get(item, 0)
        if least < count:
            counts[item] = least
    counter_keep_positive(counts)


def ordered_to_front(entries, key):
    value = entries.pop(key)
    others = list(entries.items())
    entries.clear()
    entries[key] = value
    for other, item in others:
        entries[other] = item


def bytes_require(values):
    for value in values:
        if value < 0 or value > 255:
            raise ValueError("byte must be in range(0, 256)")


def bytes_require_all(values):
    for value in values:
        if value < 0 or value > 255:
            raise ValueError("bytes must be in range(0, 256)")
