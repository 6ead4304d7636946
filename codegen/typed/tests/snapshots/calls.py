def helper(x, scale=2.0, *, flag=False):
    if flag:
        return x
    return x * scale

@boost
def calls(a: "float[:]", n: int):
    return helper(n), helper(a, 3), helper(a, flag=True), helper(scale=n, x=n)
#: def calls(a: float64[:], n: int) -> (float, float64[:], float64[:], int, ):
#:     return (helper#1(n, 2.0, False), helper#2(a, 3, False), helper#3(a, 2.0, True), helper#4(n, n, False),)
#:
#: def helper(x: int, scale: float, flag: bool) -> float:
#:     return (x *:float64 scale): float
#:
#: def helper(x: float64[:], scale: int, flag: bool) -> float64[:]:
#:     return (x *:float64 scale): float64[:]
#:
#: def helper(x: float64[:], scale: float, flag: bool) -> float64[:]:
#:     return x
#:
#: def helper(x: int, scale: int, flag: bool) -> int:
#:     return (x * scale)

#====
@boost
def factorial(n: int):
    if n <= 1:
        return 1
    return n * factorial(n - 1)
#: def factorial(n: int) -> int:
#:     if (n <= 1):
#:         return 1
#:     return (n * factorial#0((n - 1)))

#====
@boost
def even(n: int):
    return True if n == 0 else odd(n - 1)

def odd(n):
    if n == 0:
        return False
    return even(n - 1)
#: def even(n: int) -> bool:
#:     return (True if (n == 0) else odd#1((n - 1)))
#:
#: def odd(n: int) -> bool:
#:     if (n == 0):
#:         return False
#:     return even#0((n - 1))

#====
def even2(n):
    if n == 0:
        return True
    return odd2(n - 1)

def odd2(n):
    if n == 0:
        return False
    return even2(n - 1)

@boost
def parity(n: int):
    return even2(n)
#: def parity(n: int) -> bool:
#:     return even2#1(n)
#:
#: def even2(n: int) -> bool:
#:     if (n == 0):
#:         return True
#:     return odd2#2((n - 1))
#:
#: def odd2(n: int) -> bool:
#:     if (n == 0):
#:         return False
#:     return even2#1((n - 1))

#====
@boost
def endless(n: int):
    return endless(n + 1)
#: HS0210 the result type of `endless` could not be found
#:     module.py:2 `endless`: every `return` needs the result of the function itself
#:     help: start with a `return` that does not call the function

#====
from other import area, SCALE
import other
@boost
def modules(r: float):
    return area(r) * SCALE + other.area(1) + other.SCALE
#file other.py
SCALE = 10
def area(r):
    return math.pi * r * r
#: def modules(r: float) -> float:
#:     return (((area#1(r) *:float64 10): float + area#2(1)) +:float64 10): float
#:
#: def area(r: float) -> float:
#:     return ((3.141592653589793 * r) * r)
#:
#: def area(r: int) -> float:
#:     return ((3.141592653589793 *:float64 r): float *:float64 r): float

#====
def broken(x):
    y = unknown_thing(x)
    return [1, 2]

@boost
def calls_broken(x: float):
    for i in range(3):
        x = x + broken(x)
    return x
#: HS0204 `unknown_thing` is not known at build time
#:     module.py:2 `unknown_thing`: not a local variable, nor a constant, function or module that the source shows
#:     module.py:8 `broken(x)`: `broken` is called here with (float)
#:     help: give `unknown_thing` to the function as an argument

#====
def two(a, b):
    return a + b

@boost
def wrong_arguments(x: float):
    a = two(x)
    b = two(x, 1, 2)
    c = two(x, b=1, a=2)
    d = two(x, c=1)
    return x
#: HS0206 two() missing 1 required argument: 'b'
#:     module.py:6 `two(x)`: called here
#: HS0206 two() takes 2 positional arguments but 3 were given
#:     module.py:7 `2`: one too many
#: HS0206 two() got multiple values for argument 'a'
#:     module.py:8 `2`: given again
#: HS0206 two() missing 1 required argument: 'b'
#:     module.py:9 `two(x, c=1)`: called here

#====
def add_into(out, x):
    out += x

@boost
def effect(a: "float[:]"):
    r = add_into(a, 1)
    add_into(a, 2)
    return r
#: def effect(a: float64[:]) -> None:
#:     add_into#1(a, 1)
#:     add_into#1(a, 2)
#:     return None
#:
#: def add_into(out: float64[:], x: int) -> None:
#:     out[] Add.float64= x
#:     return None

#====
@boost
def method(a: "float[:, :]"):
    sin = np.sin
    return sin(a.sum(axis=0)), a.T.copy(), a.mean()
#: def method(a: float64[:, :]) -> (float64[:], float64[:, :], np.float64, ):
#:     return (Sin(reduce.Sum(a, axes=[0]): float64[:]), copy(transpose(a, [1, 0])), reduce.Mean(a, axes=[0, 1]): np.float64,)

#====
def doubled(function):
    return function
@doubled
def helper(x):
    return 2.0 * x
@boost
def calls_decorated(x: float):
    return helper(x)
#: HS0208 `helper` is changed by a decorator in a way that is not known at build time
#:     module.py:8 `helper(x)`: called here
#:     module.py:3 `doubled`: this decorator
#:     help: call an undecorated function, and decorate the caller

#====
@boost
@np.vectorize
def decorated(x: float):
    return 2.0 * x
@boost
def calls_decorated_kernel(x: float):
    return decorated(x)
#: HS0208 `decorated` stays pure Python: another decorator changes it in a way that is not known at build time
#:     module.py:2 `np.vectorize`: this decorator
#:     help: boost an undecorated function and decorate its caller
#: HS0208 `decorated` is changed by a decorator in a way that is not known at build time
#:     module.py:7 `decorated(x)`: called here
#:     module.py:2 `np.vectorize`: this decorator
#:     help: call an undecorated function, and decorate the caller

#====
import hypersonic as hs
@hs.jit
def helper(x):
    return 2.0 * x
@boost()
def other(x: float):
    return helper(x)
@boost
def calls_ours(x: float):
    return other(x)
#: def other(x: float) -> float:
#:     return helper#1(x)
#:
#: def helper(x: float) -> float:
#:     return (2.0 * x)
#: def calls_ours(x: float) -> float:
#:     return other#1(x)
#:
#: def other(x: float) -> float:
#:     return helper#2(x)
#:
#: def helper(x: float) -> float:
#:     return (2.0 * x)

#====
count = 0
def increment():
    global count
    count += 1
@boost
def reads_global(n: int):
    return n + count + 0xffffffffffffffff
#: HS0204 `count` is not known at build time
#:     module.py:7 `count`: the source does not show which value it has
#:     module.py:0 `count = 0`: bound here
#:     module.py:3 `global count`: declared `global` here: a function may bind it anew
#:     help: give `count` to the function as an argument
#: HS0202 `0xffffffffffffffff` does not fit in signed 64 bits
#:     module.py:7 `0xffffffffffffffff`: compiled integers have 64 bits, one of them for the sign
