@boost
def many(a: "float[:]"):
    b = missing + 1
    c = b * 2
    d = [1, 2, 3]
    e = lambda: 1
    print(a)
    try:
        pass
    except missing_class:
        pass
    global q
    def inner():
        pass
    for s in 3:
        f = other_missing
    while undefined_name:
        g = 1
    raise MyError("x")
#: HS0204 `missing` is not known at build time
#:     module.py:3 `missing`: not a local variable, nor a constant, function or module that the source shows
#:     help: give `missing` to the function as an argument
#: HS0203 this `print` is not compiled
#:     module.py:7 `print(a)`: prints in every call
#:     help: print numbers and strings, or print in a Python function around this one
#: HS0202 `float64[:]` has no compiled form as a string
#:     module.py:7 `a`: shown here
#: HS0214 which exceptions the handler takes is not known at build time
#:     module.py:10 `missing_class`: `missing_class` is none of Python's exceptions, and no class of the package
#:     help: name Python's own exceptions, such as `ValueError`, or a tuple of them
#: HS0201 `global` is not compiled
#:     module.py:12 `global q`: module variables cannot be set
#:     help: return the value instead
#: HS0206 `int` cannot be iterated
#:     module.py:15 `3`: iterated here
#:     help: loops run over ranges, arrays, tuples, and `enumerate`, `zip`, `reversed` of them
#: HS0204 `other_missing` is not known at build time
#:     module.py:16 `other_missing`: not a local variable, nor a constant, function or module that the source shows
#:     help: give `other_missing` to the function as an argument
#: HS0204 `undefined_name` is not known at build time
#:     module.py:17 `undefined_name`: not a local variable, nor a constant, function or module that the source shows
#:     help: give `undefined_name` to the function as an argument
#: HS0201 only Python's own exceptions, and those of the package that derive from them, can be raised
#:     module.py:19 `MyError`: `MyError` is not one of them
#:     help: raise `ValueError` or the like

#====
@boost
def star(*args):
    return args
#: HS0209 `star` stays pure Python: it takes `*args`
#:     module.py:2 `star`: takes any number of arguments
#:     help: name every parameter

#====
@boost
def messages(x: float, a: "float[:]", s: np.float32):
    if x > 3:
        raise ValueError(f"{a}")
    if x > 2:
        raise ValueError(f"{s}")
    if x > 1:
        raise ValueError(3)
    raise ValueError("a", "b")
#: HS0202 messages are compiled with numbers and strings only
#:     module.py:4 `a`: `float64[:]`

#====
@boost
def big(n: int):
    return n + 99999999999999999999
#: HS0202 `99999999999999999999` does not fit in signed 64 bits
#:     module.py:3 `99999999999999999999`: compiled integers have 64 bits, one of them for the sign

#====
@boost
def wrong_return(n: int, a: "float[:]"):
    if n > 0:
        return a
    if n > 1:
        return n
#: HS0205 `wrong_return` returns values that no one type holds
#:     module.py:6 `n`: this gives `int`
#:     module.py:4 `a`: this gives `float64[:]`
#:     help: return values of one type, rank and dtype on every path

#====
ARRAY = np.zeros(3)
@boost
def module_array(x: float):
    return ARRAY[0] + x
#: HS0202 `ARRAY` is an array at module level
#:     module.py:4 `ARRAY`: its contents are not known at build time
#:     help: give `ARRAY` to the function as an argument

#====
LOOP = LOOP2
LOOP2 = LOOP
@boost
def circular(x: float):
    return LOOP + x
#: HS0204 the constant `LOOP` is defined by itself
#:     module.py:2 `LOOP`: needed here
#:     module.py:1 `LOOP2`: `LOOP2` is read here
#:     module.py:5 `LOOP`: `LOOP` is read here

#====
@boost
def bool_or_int(x: bool, n: int):
    return x or n
@boost
def bool_then_int(n: int):
    if n > 3:
        return True
    return n
@boost
def bool_if_int(x: bool, n: int):
    return x if n > 3 else n
#: HS0205 `and` and `or` give one of their operands
#:     module.py:3 `x or n`: one compiled value cannot be both
#:     module.py:3 `x`: `bool`
#:     module.py:3 `n`: `int`
#: HS0205 `bool_then_int` returns values that no one type holds
#:     module.py:8 `n`: this gives `int`
#:     module.py:7 `True`: this gives `bool`
#:     help: return values of one type, rank and dtype on every path
#: HS0205 the two values of the conditional expression differ in type
#:     module.py:11 `x if n > 3 else n`: one compiled value cannot be both
#:     module.py:11 `x`: `bool`
#:     module.py:11 `n`: `int`

#====
@boost
def gives_dtype(a: "float[:]"):
    return 1, a.dtype
#: HS0202 `gives_dtype` returns a dtype, which is not compiled
#:     module.py:2 `gives_dtype`: returns or sets a dtype
#:     help: return an array or a number of that dtype, or ask for the dtype in a Python function

#====
@boost
def exceptions(a: "float[:]", i: int):
    try:
        return a[i]
    except a as e:
        raise
    raise
#: HS0214 which exceptions the handler takes is not known at build time
#:     module.py:5 `a`: `a` is none of Python's exceptions, and no class of the package
#:     help: name Python's own exceptions, such as `ValueError`, or a tuple of them
