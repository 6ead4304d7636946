"""Functions of `random`, as compiled code has them: `module.name` is `module__name` here.

The numbers are drawn from Python's own generator in the order in which Python draws them: both give the same numbers for
one seed, and leave the generator in the same state. Here `random.random`, `random.getrandbits` and the like are Python's.
"""

import math
import random


def below(n):
    """A number from 0 to n - 1, as `Random._randbelow` draws it."""
    bits = n.bit_length()
    drawn = random.getrandbits(bits)
    while drawn >= n:
        drawn = random.getrandbits(bits)
    return drawn


def random__getrandbits(k, /):
    if k < 0:
        raise ValueError("number of bits must be non-negative")
    if k > 63:
        # More than an int of compiled code holds: Python answers.
        return 9223372036854775807 + k
    return random.getrandbits(k)


def random__uniform(a, b):
    return a + (b - a) * random.random()


def random__randrange(start, stop=None, step=1):
    if stop is None:
        if start <= 0:
            raise ValueError("empty range for randrange()")
        return below(start)
    if step == 1:
        if stop <= start:
            raise ValueError(f"empty range for randrange() ({start}, {stop}, {stop - start})")
        return start + below(stop - start)
    if step == 0:
        raise ValueError("zero step for randrange()")
    if step > 0:
        count = (stop - start + step - 1) // step
    else:
        count = (stop - start + step + 1) // step
    if count <= 0:
        raise ValueError("empty range for randrange()")
    return start + step * below(count)


def random__randint(a, b):
    if b < a:
        raise ValueError(f"empty range for randrange() ({a}, {b + 1}, {b + 1 - a})")
    return a + below(b + 1 - a)


def random__choice(seq):
    if len(seq) == 0:
        raise IndexError("Cannot choose from an empty sequence")
    return seq[below(len(seq))]


def random__shuffle(x):
    for i in range(len(x) - 1, 0, -1):
        j = below(i + 1)
        x[i], x[j] = x[j], x[i]


def random__sample(population, k):
    n = len(population)
    if k < 0 or k > n:
        raise ValueError("Sample larger than population or is negative")
    limit = 21
    if k > 5:
        power = 1
        while power < 3 * k:
            power *= 4
        limit += power
    result = []
    if n <= limit:
        # The pool is smaller than the set of what was taken would be.
        pool = [population[i] for i in range(n)]
        for i in range(k):
            j = below(n - i)
            result.append(pool[j])
            pool[j] = pool[n - i - 1]
    else:
        taken = set()
        for _ in range(k):
            j = below(n)
            while j in taken:
                j = below(n)
            taken.add(j)
            result.append(population[j])
    return result


def random__choices(population, weights=None, *, cum_weights=None, k=1):
    if weights is None and cum_weights is None:
        size = len(population) + 0.0
        return [population[int(random.random() * size)] for _ in range(k)]
    if weights is None:
        sums = list(cum_weights)
    else:
        if cum_weights is not None:
            raise TypeError("Cannot specify both weights and cumulative weights")
        sums = list(weights)
        for i in range(1, len(sums)):
            sums[i] = sums[i - 1] + sums[i]
    if len(sums) != len(population):
        raise ValueError("The number of weights does not match the population")
    total = sums[-1] + 0.0
    if total <= 0.0:
        raise ValueError("Total of weights must be greater than zero")
    if total - total != 0.0:
        raise ValueError("Total of weights must be finite")
    result = []
    for _ in range(k):
        wanted = random.random() * total
        low = 0
        high = len(population) - 1
        while low < high:
            middle = (low + high) // 2
            if wanted < sums[middle]:
                high = middle
            else:
                low = middle + 1
        result.append(population[low])
    return result


def random__expovariate(lambd):
    return -math.log(1.0 - random.random()) / lambd


def random__normalvariate(mu=0.0, sigma=1.0):
    """The ratio of two uniform numbers (Kinderman and Monahan 1977)."""
    while True:
        first = random.random()
        second = 1.0 - random.random()
        z = 1.7155277699214135 * (first - 0.5) / second
        if z * z / 4.0 <= -math.log(second):
            return mu + z * sigma


def random__lognormvariate(mu=0.0, sigma=1.0):
    return math.exp(random__normalvariate(mu, sigma))


def random__triangular(low=0.0, high=1.0, mode=None):
    if mode is not None and high == low and isinstance(low, int):
        # The very `low` comes back: Python answers.
        return float(9223372036854775807 + abs(low) + 1)
    u = random.random()
    if mode is None:
        c = 0.5
    else:
        if high == low:
            return low + 0.0 * u
        c = (mode - low) / (high - low)
    start = low + 0.0
    end = high + 0.0
    if u > c:
        u = 1.0 - u
        c = 1.0 - c
        start, end = end, start
    return start + (end - start) * math.sqrt(u * c)


def random__gammavariate(alpha, beta):
    """For a shape above 1 after Cheng (1977), else after Ahrens and Dieter (1974)."""
    if alpha <= 0.0 or beta <= 0.0:
        raise ValueError("gammavariate: alpha and beta must be > 0.0")
    if alpha > 1.0:
        width = math.sqrt(2.0 * alpha - 1.0)
        offset = alpha - math.log(4.0)
        slope = alpha + width
        while True:
            first = random.random()
            if not 1e-7 < first < 0.9999999:
                continue
            second = 1.0 - random.random()
            v = math.log(first / (1.0 - first)) / width
            x = alpha * math.exp(v)
            z = first * first * second
            r = offset + slope * v - x
            if r + (1.0 + math.log(4.5)) - 4.5 * z >= 0.0 or r >= math.log(z):
                return x * beta
    if alpha == 1.0:
        return -math.log(1.0 - random.random()) * beta
    while True:
        u = random.random()
        b = (math.e + alpha) / math.e
        p = b * u
        if p <= 1.0:
            x = p ** (1.0 / alpha)
        else:
            x = -math.log((b - p) / alpha)
        other = random.random()
        if p > 1.0:
            if other <= x ** (alpha - 1.0):
                return x * beta
        elif other <= math.exp(-x):
            return x * beta


def random__betavariate(alpha, beta):
    first = random__gammavariate(alpha, 1.0)
    if first != 0.0:
        return first / (first + random__gammavariate(beta, 1.0))
    return 0.0


def random__paretovariate(alpha):
    return (1.0 - random.random()) ** (-1.0 / alpha)


def random__weibullvariate(alpha, beta):
    return alpha * (-math.log(1.0 - random.random())) ** (1.0 / beta)


def random__vonmisesvariate(mu, kappa):
    """After Best and Fisher (1979)."""
    turn = 2.0 * math.pi
    if kappa <= 1e-6:
        return turn * random.random()
    s = 0.5 / kappa
    r = s + math.sqrt(1.0 + s * s)
    while True:
        z = math.cos(math.pi * random.random())
        d = z / (r + z)
        u = random.random()
        if u < 1.0 - d * d or u <= (1.0 - d) * math.exp(d):
            break
    q = 1.0 / r
    f = (q + z) / (1.0 + q * z)
    if random.random() > 0.5:
        return (mu + math.acos(f)) % turn
    return (mu - math.acos(f)) % turn
