def up_to(n):
    i = 0
    while i < n:
        yield i
        i += 1

@boost
def over_a_generator(n: int, stop: int):
    total = 0
    for i in up_to(n):
        if i == stop:
            break
        total += i
    return total
#: def over_a_generator(n: int, stop: int) -> int:
#:     total: int = 0
#:     .1: int = n
#:     try 1:
#:         .n.3: int = .1
#:         .i.2: int = 0
#:         while (.i.2 < .n.3):
#:             i: int = .i.2
#:             if (i == stop):
#:                 leave 1 to exit 0
#:             total: int = (total + i)
#:             .i.2: int = (.i.2 + 1)
#:     exit 0:
#:         pass
#:     return total

#====
@boost
def sets_a_variable_around(x: float):
    count = 0
    def add(y):
        nonlocal count
        count += 1
        return y + x
    return add(1.0) * add(2.0), count
#: def sets_a_variable_around(x: float) -> (float, int, ):
#:     count: int = 0
#:     .y.2: float = 1.0
#:     count: int = 1
#:     .3: float = (1.0 + x)
#:     .result1: float = .3
#:     .y.5: float = 2.0
#:     count: int = 2
#:     .6: float = (2.0 + x)
#:     .result4: float = .6
#:     return ((.result1 * .result4), 2,)

#====
@boost
def patterns(a: int, b: int):
    match a, b:
        case 0, _:
            return 0
        case (x, 1 | 2) if x > 3:
            return x
        case _:
            return b
#: def patterns(a: int, b: int) -> int:
#:     .1: int = a
#:     .2: int = b
#:     .subject3: (int, int, ) = (.1, .2,)
#:     if (.subject3.0 == 0):
#:         return 0
#:     else:
#:         if ((.subject3.1 == 1) or (.subject3.1 == 2)):
#:             x: int = .subject3.0
#:             if (x > 3):
#:                 return x
#:         return b

#====
@boost
def refused(a: int, b: int):
    def ticks():
        yield 1
    match a, b:
        case (1, *rest):
            return 1
        case {}:
            return 2
    return next(ticks())
#: HS0201 `*rest` in a pattern is not compiled
#:     module.py:6 `*rest`: the rest is a list
#:     help: name each item, or write `*_`
