"""Functions of `heapq`, as compiled code has them: `module.name` is `module__name` here.

What is compared, and in which order, is as in CPython.
"""


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


def heapq__merge(*iterables, key=None, reverse=False):
    """Stable, as sorting them behind one another would be; sorted parts are asked for."""
    parts = [list(iterable) for iterable in iterables]
    places = [0] * len(parts)
    while True:
        best = -1
        for number in range(len(parts)):
            if places[number] < len(parts[number]):
                if best < 0:
                    best = number
                else:
                    item = parts[number][places[number]]
                    other = parts[best][places[best]]
                    if key is None:
                        better = other < item if reverse else item < other
                    else:
                        better = key(other) < key(item) if reverse else key(item) < key(other)
                    if better:
                        best = number
        if best < 0:
            break
        places[best] += 1
        yield parts[best][places[best] - 1]
