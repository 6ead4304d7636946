/* Kernels for the tests of the runtime. Freestanding, as compiled ones are: they import nothing. */
#include "kernel_abi.h"

enum { OVERFLOW, USER, MEMORY, BARE, RETRY_INDEX, OWN, DOTTED };

/* add(x, y) -> x + y + 1000: the thousand tells the kernel from the Python function. */
KERNEL(add) { out[0] = from_double(as_double(in[0]) + as_double(in[1]) + 1000); return 0; }

KERNEL(add_int) {
    int64_t sum;
    if (__builtin_add_overflow((int64_t)in[0], (int64_t)in[1], &sum)) return fail(error, OVERFLOW);
    out[0] = (uint64_t)sum;
    return 0;
}

KERNEL(negate) { out[0] = !in[0]; return 0; }

KERNEL(conjugate) {
    out[0] = in[0];
    out[1] = from_double(-as_double(in[1]));
    return 0;
}

KERNEL(single) { out[0] = from_float(as_float(in[0]) * 2); return 0; }
KERNEL(echo) { out[0] = in[0]; return 0; }
KERNEL(echo_pair) { out[0] = in[0]; out[1] = in[1]; return 0; }
KERNEL(nothing) { return 0; }

/* scale(a: float64[:], s) -> new array a * s */
KERNEL(scale) {
    const char *data = (const char *)in[0];
    int64_t n = in[1], stride = in[2];
    double s = as_double(in[3]);
    Block *block = support->allocate(context, n * 8, 0);
    if (!block) return fail(error, MEMORY);
    double *to = (double *)block->data;
    for (int64_t i = 0; i < n; i++) to[i] = *(const double *)(data + i * stride) * s;
    out[0] = (uint64_t)block;
    out[1] = (uint64_t)block->data;
    out[2] = n;
    out[3] = 8;
    return 0;
}

/* fill(a: float64[:, :], value): writes */
KERNEL(fill) {
    for (int64_t i = 0; i < (int64_t)in[1]; i++)
        for (int64_t j = 0; j < (int64_t)in[2]; j++)
            *(double *)(in[0] + i * (int64_t)in[3] + j * (int64_t)in[4]) = as_double(in[5]);
    return 0;
}

/* total(a: float64[:, :]) -> sum */
KERNEL(total) {
    double sum = 0;
    for (int64_t i = 0; i < (int64_t)in[1]; i++)
        for (int64_t j = 0; j < (int64_t)in[2]; j++)
            sum += *(const double *)(in[0] + i * (int64_t)in[3] + j * (int64_t)in[4]);
    out[0] = from_double(sum);
    return 0;
}

KERNEL(is_contiguous) { out[0] = 1; return 0; }
KERNEL(is_strided) { out[0] = 2; return 0; }
KERNEL(level_2) { out[0] = 2; return 0; }
KERNEL(level_3) { out[0] = 3; return 0; }
KERNEL(level_4) { out[0] = 4; return 0; }

/* every_other(a) -> a[::2], a view of the argument */
KERNEL(every_other) {
    out[0] = 1;
    out[1] = in[0];
    out[2] = (in[1] + 1) / 2;
    out[3] = in[2] * 2;
    return 0;
}

/* same(a, b) -> b itself */
KERNEL(same) { out[0] = (1 << 1) | 1; out[1] = in[3]; out[2] = in[4]; out[3] = in[5]; return 0; }

/* rows(n) -> two halves of one block of 2 n ascending numbers, the second reversed */
KERNEL(halves) {
    int64_t n = in[0];
    Block *scratch = support->allocate(context, 100, 0);
    Block *block = support->allocate(context, 2 * n * 8, 1);
    Block *leak = support->allocate(context, 1000, 1);
    if (!block || !scratch || !leak) return fail(error, MEMORY);
    support->release(context, scratch);
    double *to = (double *)block->data;
    for (int64_t i = 0; i < 2 * n; i++) to[i] = i;
    out[0] = out[4] = (uint64_t)block;
    out[1] = (uint64_t)to;
    out[2] = out[6] = n;
    out[3] = 8;
    out[5] = (uint64_t)(to + 2 * n - 1);
    out[7] = -8;
    return 0;
}

/* tail(n) -> all but the first of n zeros */
KERNEL(tail) {
    int64_t n = in[0];
    Block *block = support->allocate(context, n * 8, 1);
    if (!block) return fail(error, MEMORY);
    out[0] = (uint64_t)block;
    out[1] = (uint64_t)(block->data + 8);
    out[2] = n - 1;
    out[3] = 8;
    return 0;
}

/* point() -> array of rank 0 */
KERNEL(point) {
    Block *block = support->allocate(context, 8, 1);
    if (!block) return fail(error, MEMORY);
    out[0] = (uint64_t)block;
    out[1] = (uint64_t)block->data;
    return 0;
}

KERNEL(stranger) { out[0] = 64; out[1] = 64; out[2] = 1; out[3] = 8; return 0; }

/* refuse(n, x): raise after having allocated */
KERNEL(refuse) {
    support->allocate(context, 1 << 20, 0);
    fail(error, USER);
    error->count = 2;
    error->values[0] = in[0];
    error->values[1] = in[1];
    return 1;
}

KERNEL(refuse_bare) { return fail(error, BARE); }
KERNEL(refuse_own) { return fail(error, OWN); }
KERNEL(refuse_dotted) { return fail(error, DOTTED); }
KERNEL(refuse_unknown) { return fail(error, 99); }
KERNEL(refuse_retry) { support->allocate(context, 1 << 20, 0); return fail(error, RETRY_INDEX); }
KERNEL(crash_status) { return 77; }

KERNEL(greedy) {
    Block *block = support->allocate(context, in[0], 1);
    if (!block) return fail(error, MEMORY);
    out[0] = block->bytes;
    return 0;
}

/* wait(a): returns when somebody writes to a[0] */
KERNEL(wait) {
    volatile int64_t *flag = (volatile int64_t *)in[0];
    uint64_t turns = 0;
    while (!*flag && turns < (1ull << 34)) turns++;
    out[0] = *flag;
    return 0;
}

KERNEL(chance) { out[0] = from_double(support->python_random(context)); return 0; }

/* count_words: how the frame of (tuple of array and int, complex) lies */
KERNEL(weigh) {
    out[0] = from_double(*(double *)in[0] + (double)in[1] + (double)(int64_t)in[3] + as_double(in[4]) + as_double(in[5]));
    return 0;
}

/* many(a, b, c, d, s) -> a[0] + b[0] + c[0] + d[0] + s */
KERNEL(many) {
    double sum = as_double(in[12]);
    for (int k = 0; k < 4; k++) sum += *(double *)in[3 * k];
    out[0] = from_double(sum);
    return 0;
}

KERNEL(eight) {
    Block *block = support->allocate(context, 64, 0);
    if (!block) return fail(error, MEMORY);
    for (int k = 0; k < 8; k++) ((double *)block->data)[k] = as_double(in[k]);
    out[0] = (uint64_t)block;
    out[1] = (uint64_t)block->data;
    out[2] = 8;
    out[3] = 8;
    return 0;
}

/* everything(): one result of every scalar type */
KERNEL(everything) {
    for (int k = 0; k < 9; k++) out[k] = (uint64_t)-1;
    out[0] = 1;
    out[9] = from_float(1.5f);
    out[10] = from_double(2.5);
    out[11] = from_float(3), out[12] = from_float(4);
    out[13] = from_double(5), out[14] = from_double(6);
    return 0;
}

/* interpret(program: list[int], a, b) -> (log: list[int], a, b): runs operations on objects. The program is a row of
   [operation, count of arguments, (is it a register?, word)..., count of results, first register of results]; the objects are in
   registers 0 and 1, and what is in them at the end is returned. The log has every status and every result. Operation -1 fails with
   a row of failures, -2 releases a register, -3 makes an array of as many doubles: data, owner, extent, stride. */
KERNEL(interpret) {
    const Object *program = (const Object *)in[0];
    const int64_t *at = (const int64_t *)program->block.data, *end = at + program->length;
    uint64_t registers[32] = {in[1], in[2]}, words[32], log, new_list[4] = {1, 1, 0, 0};
    ((Block *)in[1])->references++, ((Block *)in[2])->references++;
    if (support->object(context, 0, new_list, &log)) return fail(error, MEMORY);
    while (at < end) {
        int64_t op = at[0], count = at[1];
        at += 2;
        for (int64_t i = 0; i < count; i++, at += 2) words[i] = at[0] ? registers[at[1]] : (uint64_t)at[1];
        if (op == -1) return fail(error, words[0]);
        uint64_t *results = registers + at[1], entry[2] = {log, 0};
        if (op == -3) {
            Block *block = support->allocate(context, words[0] * 8, 1);
            if (!block) return fail(error, MEMORY);
            uint64_t element[4] = {(uint64_t)block->data, (uint64_t)block, words[0], 8};
            for (int i = 0; i < 4; i++) results[i] = element[i];
        } else if (op == -2) {
            Block *block = (Block *)words[0];
            if (--block->references == 0) support->release(context, block);
        } else {
            // What fails gives a number of the runtime's own, which is no object.
            uint64_t given[32] = {0};
            entry[1] = support->object(context, op, words, given);
            for (int64_t i = 0; i < at[0] && entry[1] == 0; i++) results[i] = given[i];
        }
        for (int64_t i = -1; i < at[0]; i++) {
            if (i >= 0) entry[1] = results[i];
            if (support->object(context, 8, entry, words)) return fail(error, MEMORY);
        }
        at += 2;
    }
    out[0] = log;
    out[1] = registers[0];
    out[2] = registers[1];
    return 0;
}

/* both(n) -> (array of n zeros, list of it and of its second half) */
KERNEL(both) {
    Block *block = support->allocate(context, in[0] * 8, 1);
    uint64_t new_list[4] = {1, 0x7767, 0, 2}, list, half = in[0] / 2;
    if (!block || support->object(context, 0, new_list, &list)) return fail(error, MEMORY);
    uint64_t whole[5] = {list, (uint64_t)block->data, (uint64_t)block, in[0], 8};
    uint64_t part[5] = {list, (uint64_t)(block->data + half * 8), (uint64_t)block, in[0] - half, 8};
    if (support->object(context, 8, whole, out) || support->object(context, 8, part, out)) return fail(error, MEMORY);
    out[0] = (uint64_t)block;
    out[1] = (uint64_t)block->data;
    out[2] = in[0];
    out[3] = 8;
    out[4] = list;
    return 0;
}

/* scale for a GPU: kernel 0 takes source, stride, target, factor */
KERNEL(scale_on_gpu) {
    Block *scratch = support->allocate(context, 16, 1);
    Block *block = support->allocate(context, in[1] * 8, 0);
    if (!block || !scratch) return fail(error, RETRY_INDEX);
    uint64_t words[4] = {in[0], in[2], (uint64_t)block->data, in[3]};
    if (support->launch(context, 0, in[1], words, 4)) return fail(error, MEMORY);
    out[0] = (uint64_t)block;
    out[1] = (uint64_t)block->data;
    out[2] = in[1];
    out[3] = 8;
    return 0;
}

/* fill for a GPU, row by row: kernel 1 takes target, stride, value */
KERNEL(fill_on_gpu) {
    for (uint64_t i = 0; i < in[1]; i++) {
        uint64_t words[3] = {in[0] + i * in[3], in[4], in[5]};
        if (support->launch(context, 1, in[2], words, 3)) return fail(error, MEMORY);
    }
    return 0;
}
