"""Functions of `operator`, as compiled code has them: `module.name` is `module__name` here.

What has underscores at both ends (`__add__`) is found under its name without them.
"""

from hypersonic_library.said import refuse


def operator__add(a, b, /):
    return a + b


def operator__sub(a, b, /):
    return a - b


def operator__mul(a, b, /):
    return a * b


def operator__truediv(a, b, /):
    return a / b


def operator__floordiv(a, b, /):
    return a // b


def operator__mod(a, b, /):
    return a % b


def operator__pow(a, b, /):
    return a**b


def operator__lshift(a, b, /):
    return a << b


def operator__rshift(a, b, /):
    return a >> b


def operator__and_(a, b, /):
    return a & b


def operator__or_(a, b, /):
    return a | b


def operator__xor(a, b, /):
    return a ^ b


def operator__matmul(a, b, /):
    return a @ b


def operator__iadd(a, b, /):
    a += b
    return a


def operator__isub(a, b, /):
    a -= b
    return a


def operator__imul(a, b, /):
    a *= b
    return a


def operator__itruediv(a, b, /):
    a /= b
    return a


def operator__ifloordiv(a, b, /):
    a //= b
    return a


def operator__imod(a, b, /):
    a %= b
    return a


def operator__ipow(a, b, /):
    a **= b
    return a


def operator__ilshift(a, b, /):
    a <<= b
    return a


def operator__irshift(a, b, /):
    a >>= b
    return a


def operator__iand(a, b, /):
    a &= b
    return a


def operator__ior(a, b, /):
    a |= b
    return a


def operator__ixor(a, b, /):
    a ^= b
    return a


def operator__imatmul(a, b, /):
    a @= b
    return a


def operator__lt(a, b, /):
    return a < b


def operator__le(a, b, /):
    return a <= b


def operator__eq(a, b, /):
    return a == b


def operator__ne(a, b, /):
    return a != b


def operator__gt(a, b, /):
    return a > b


def operator__ge(a, b, /):
    return a >= b


def operator__neg(a, /):
    return -a


def operator__pos(a, /):
    return +a


def operator__inv(a, /):
    return ~a


def operator__invert(a, /):
    return ~a


def operator__abs(a, /):
    return abs(a)


def operator__truth(a, /):
    return bool(a)


def operator__not_(a, /):
    return not a


def operator__index(a, /):
    if not isinstance(a, int):
        refuse("`operator.index` is compiled for ints")
    return int(a)


def operator__is_(a, b, /):
    return a is b


def operator__is_not(a, b, /):
    return a is not b


def operator__concat(a, b, /):
    return a + b


def operator__iconcat(a, b, /):
    a += b
    return a


def operator__contains(a, b, /):
    return b in a


def operator__countOf(a, b, /):
    count = 0
    if b != b:
        # NaN is found by identity: Python answers.
        return 9223372036854775807 + len(a) + 1
    for item in a:
        if item == b:
            count += 1
    return count


def operator__indexOf(a, b, /):
    place = 0
    if b != b:
        return 9223372036854775807 + len(a) + 1
    for item in a:
        if item == b:
            return place
        place += 1
    raise ValueError("sequence.index(x): x not in sequence")


def operator__getitem(a, b, /):
    return a[b]


def operator__setitem(a, b, c, /):
    a[b] = c


def operator__delitem(a, b, /):
    del a[b]


def operator__length_hint(obj, default=0, /):
    return len(obj)


def operator__call(obj, /, *args):
    return obj(*args)
