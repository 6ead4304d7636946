/* hypersonic.h: kernels of hypersonic called from C11 or C++11, without Python. The header of a package includes it.
 *
 * A kernel takes and gives frames of 64-bit words and imports nothing: what it needs of the outside (memory, mostly) it asks of a table
 * of functions, which is below. The functions of a package's header pack the words. Nothing here is shared between threads. Define
 * HYPERSONIC_MALLOC and HYPERSONIC_FREE before the first inclusion to have memory from elsewhere, and HYPERSONIC_RANDOM for the numbers
 * that `random.random()` gives in Python. */
#ifndef HYPERSONIC_H
#define HYPERSONIC_H

#define HYPERSONIC_ABI 6

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HYPERSONIC_DLOPEN
#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#endif
#endif

#ifndef HYPERSONIC_MALLOC
#define HYPERSONIC_MALLOC(bytes) malloc(bytes)
#define HYPERSONIC_FREE(memory) free(memory)
#endif

/* What functions return. */
#define HYPERSONIC_OK 0
/* Python would raise here, or go on with numbers that C does not have: see hypersonic_exception and hypersonic_message. */
#define HYPERSONIC_FAILED 1
/* This processor is older than every level of the library, or the library is not open. */
#define HYPERSONIC_UNAVAILABLE 2

typedef struct hypersonic_complex64 { float real, imag; } hypersonic_complex64;
typedef struct hypersonic_complex128 { double real, imag; } hypersonic_complex128;

/* --- failures ----------------------------------------------------------------------------------------------------- */

/* A failure as the library's manifest has it. In a message, \1 begins a number: `i` or `f`, its place, its format, \2. */
typedef struct hypersonic_failure {
    const char *exception, *message;
    uint32_t line;
} hypersonic_failure;

/* Filled in by a function that does not return HYPERSONIC_OK. */
typedef struct hypersonic_error {
    const hypersonic_failure *failure;
    uint32_t count;
    uint64_t values[8];
} hypersonic_error;

/* The name of the exception's class: "IndexError". */
static inline const char *hypersonic_exception(const hypersonic_error *error) {
    return error->failure ? error->failure->exception : "RuntimeError";
}

/* The line of the Python source that raises, 0 if it is not known. */
static inline uint32_t hypersonic_line(const hypersonic_error *error) { return error->failure ? error->failure->line : 0; }

static inline double hypersonic_as_double(uint64_t word) { double value; memcpy(&value, &word, 8); return value; }
static inline uint64_t hypersonic_of_double(double value) { uint64_t word; memcpy(&word, &value, 8); return word; }
static inline float hypersonic_as_float(uint64_t word) {
    uint32_t low = (uint32_t)word;
    float value;
    memcpy(&value, &low, 4);
    return value;
}
static inline uint64_t hypersonic_of_float(float value) { uint32_t low; memcpy(&low, &value, 4); return low; }
static inline uint64_t hypersonic_of_pointer(const void *pointer) { return (uint64_t)(uintptr_t)pointer; }

/* `repr` of a float: the fewest digits that lead back to it. */
static inline int hypersonic_repr(char *text, size_t size, double value) {
    if (value != value) return snprintf(text, size, "nan");
    if (value - value != 0) return snprintf(text, size, value > 0 ? "inf" : "-inf");
    for (int digits = 1; digits <= 17; digits++) {
        char digits_text[40];
        snprintf(digits_text, sizeof digits_text, "%.*e", digits - 1, value);
        if (strtod(digits_text, NULL) != value && digits < 17) continue;
        int exponent = atoi(strchr(digits_text, 'e') + 1);
        if (exponent >= -4 && exponent < 16) {
            int decimals = digits - 1 - exponent;
            return snprintf(text, size, "%.*f", decimals < 1 ? 1 : decimals, value);
        }
        return snprintf(text, size, "%.*e", digits - 1, value);
    }
    return 0;
}

/* A number as Python formats it, for the formats that C has, too: `d`, `.3f`, `8.2e`, none. */
static inline int hypersonic_format(char *text, size_t size, char kind, const char *spec, size_t length, uint64_t word) {
    char format[48] = "%";
    if (length > 30) length = 0;
    memcpy(format + 1, spec, length);
    char last = length ? spec[length - 1] : 0;
    if (kind == 'i') {
        if (last == 'd' || last == 'x' || last == 'X' || last == 'o') length--;
        else last = 'd';
        format[length + 1] = 'l', format[length + 2] = 'l', format[length + 3] = last, format[length + 4] = 0;
        return snprintf(text, size, format, (long long)(int64_t)word);
    }
    if (length == 0) return hypersonic_repr(text, size, hypersonic_as_double(word));
    if (!strchr("eEfFgG", last)) format[length + 1] = 'g', format[length + 2] = 0;
    else format[length + 1] = 0;
    return snprintf(text, size, format, hypersonic_as_double(word));
}

/* Writes the message, cut to `size` with its final 0; returns its length. */
static inline size_t hypersonic_message(const hypersonic_error *error, char *buffer, size_t size) {
    const char *next = error->failure ? error->failure->message : "this processor is too old for the kernels, or they are not loaded";
    size_t length = 0;
    while (*next) {
        char number[400];
        const char *piece = next;
        size_t count = 1;
        if (*next == '\1') {
            const char *end = strchr(next, '\2');
            unsigned place = (unsigned)(next[2] - '0');
            uint64_t word = place < 8 && place < error->count ? error->values[place] : 0;
            int written = hypersonic_format(number, sizeof number, next[1], next + 3, (size_t)(end - next - 3), word);
            count = written < 0 ? 0 : (size_t)written < sizeof number ? (size_t)written : sizeof number - 1;
            piece = number;
            next = end;
        }
        next++;
        for (size_t at = 0; at < count; at++, length++)
            if (length + 1 < size) buffer[length] = piece[at];
    }
    if (size) buffer[length < size ? length : size - 1] = 0;
    return length;
}

/* --- what kernels ask for ----------------------------------------------------------------------------------------- */

typedef struct hypersonic_block {
    uint8_t *data;
    int64_t references;
    uint64_t bytes;
    struct hypersonic_block *next, *previous;
    uint64_t kind;
} hypersonic_block;

typedef struct hypersonic_context {
    hypersonic_block *blocks;
    void *owner;
} hypersonic_context;

typedef struct hypersonic_record {
    uint32_t failure, count;
    uint64_t values[8];
} hypersonic_record;

struct hypersonic_support;
typedef int32_t hypersonic_chunk(const struct hypersonic_support *, hypersonic_context *, hypersonic_record *, const uint64_t *, uint64_t);

typedef struct hypersonic_support {
    uint32_t version, size;
    hypersonic_block *(*allocate)(hypersonic_context *, uint64_t bytes, uint64_t zeroed);
    void (*release)(hypersonic_context *, hypersonic_block *);
    double (*python_random)(hypersonic_context *);
    int32_t (*launch)(hypersonic_context *, uint32_t, uint64_t, const uint64_t *, uint64_t);
    uint64_t (*overlap)(hypersonic_context *, const int64_t *x, uint64_t x_rank, int64_t x_size, const int64_t *y, uint64_t y_rank,
                        int64_t y_size, uint64_t unless_same);
    int64_t (*object)(hypersonic_context *, uint64_t, const uint64_t *, uint64_t *);
    uint64_t (*stack_end)(hypersonic_context *);
    int32_t (*parallel)(const struct hypersonic_support *, hypersonic_context *, hypersonic_record *, hypersonic_chunk *, const uint64_t *,
                        uint64_t chunks, uint64_t threads);
} hypersonic_support;

typedef int32_t hypersonic_entry(const hypersonic_support *, hypersonic_context *, hypersonic_record *, const uint64_t *, uint64_t *);

/* The header of a block, rounded up so that the data behind it is aligned. */
#define HYPERSONIC_HEAD 64

static inline hypersonic_block *hypersonic_allocate(hypersonic_context *context, uint64_t bytes, uint64_t zeroed) {
    if (bytes > (uint64_t)(PTRDIFF_MAX - HYPERSONIC_HEAD)) return NULL;
    hypersonic_block *block = (hypersonic_block *)HYPERSONIC_MALLOC((size_t)bytes + HYPERSONIC_HEAD);
    if (!block) return NULL;
    block->data = (uint8_t *)block + HYPERSONIC_HEAD;
    block->references = 1;
    block->bytes = bytes;
    block->next = context->blocks;
    block->previous = NULL;
    block->kind = 0;
    if (block->next) block->next->previous = block;
    context->blocks = block;
    if (zeroed) memset(block->data, 0, (size_t)bytes);
    return block;
}

static inline void hypersonic_unlink(hypersonic_context *context, hypersonic_block *block) {
    if (block->previous) block->previous->next = block->next;
    else context->blocks = block->next;
    if (block->next) block->next->previous = block->previous;
}

static inline void hypersonic_release(hypersonic_context *context, hypersonic_block *block) {
    hypersonic_unlink(context, block);
    HYPERSONIC_FREE(block);
}

static inline double hypersonic_random(hypersonic_context *context) {
    (void)context;
#ifdef HYPERSONIC_RANDOM
    return HYPERSONIC_RANDOM();
#else
    /* SplitMix64, by Steele, Lea and Flood; always the same numbers. */
    static uint64_t state = 0x9E3779B97F4A7C15u;
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
#endif
}

static inline int32_t hypersonic_launch(hypersonic_context *c, uint32_t k, uint64_t n, const uint64_t *p, uint64_t m) {
    (void)c, (void)k, (void)n, (void)p, (void)m;
    return 1;
}

static inline void hypersonic_range(const int64_t *array, uint64_t rank, int64_t size, uint64_t *low, uint64_t *high) {
    *low = (uint64_t)array[0];
    *high = *low + (uint64_t)size;
    for (uint64_t axis = 0; axis < rank; axis++) {
        int64_t reach = (int64_t)((uint64_t)(array[1 + axis] - 1) * (uint64_t)array[1 + rank + axis]);
        *(reach < 0 ? low : high) += (uint64_t)reach;
    }
}

static inline uint64_t hypersonic_overlap(hypersonic_context *context, const int64_t *x, uint64_t x_rank, int64_t x_size, const int64_t *y,
                                          uint64_t y_rank, int64_t y_size, uint64_t unless_same) {
    uint64_t low, high, other_low, other_high;
    (void)context;
    hypersonic_range(x, x_rank, x_size, &low, &high);
    hypersonic_range(y, y_rank, y_size, &other_low, &other_high);
    bool same = x_rank == y_rank && memcmp(x, y, (size_t)(1 + 2 * x_rank) * sizeof *x) == 0;
    return low < other_high && other_low < high && !(unless_same && same);
}

/* No list, dict or string comes into C; what asks the runtime all the same (sorting, a list inside a function) fails. */
static inline int64_t hypersonic_object(hypersonic_context *c, uint64_t op, const uint64_t *a, uint64_t *r) {
    (void)c, (void)op, (void)a, (void)r;
    return 3;
}

/* Parallel loops run on the thread that calls: a program without Python has its own. */
static inline int32_t hypersonic_parallel(const hypersonic_support *support, hypersonic_context *context, hypersonic_record *record,
                                          hypersonic_chunk *body, const uint64_t *words, uint64_t chunks, uint64_t threads) {
    (void)threads;
    int32_t status = 0;
    for (uint64_t chunk = 0; chunk < chunks && !status; chunk++) status = body(support, context, record, words, chunk);
    return status;
}

/* How far recursive functions may go down the stack: as far as a thread has room everywhere, or as its creator says. */
#ifndef HYPERSONIC_STACK
#define HYPERSONIC_STACK (256 << 10)
#endif
static inline uint64_t hypersonic_stack_end(hypersonic_context *context) {
    uint64_t here = (uint64_t)(uintptr_t)&context;
    return here > HYPERSONIC_STACK ? here - HYPERSONIC_STACK : 0;
}

/* --- calls -------------------------------------------------------------------------------------------------------- */

/* Runs an entry; frees what it holds if it fails. `contiguous` may be null. */
static inline int hypersonic_run(hypersonic_entry *contiguous, hypersonic_entry *strided, const hypersonic_failure *failures,
                                 uint32_t failure_count, hypersonic_context *context, const uint64_t *arguments, uint64_t *results,
                                 hypersonic_error *error) {
    static const hypersonic_support support = {HYPERSONIC_ABI,   sizeof(hypersonic_support), hypersonic_allocate, hypersonic_release,
                                               hypersonic_random, hypersonic_launch,          hypersonic_overlap,  hypersonic_object,
                                               hypersonic_stack_end, hypersonic_parallel};
    hypersonic_record record;
    context->blocks = NULL;
    context->owner = NULL;
    memset(&record, 0, sizeof record);
    record.failure = UINT32_MAX;
    int32_t status = -1;
    if (strided) {
        status = contiguous ? contiguous(&support, context, &record, arguments, results) : 2;
        if (status == 2) status = strided(&support, context, &record, arguments, results);
    }
    if (status == 0) return HYPERSONIC_OK;
    while (context->blocks) hypersonic_release(context, context->blocks);
    if (error) {
        error->failure = status == 1 && record.failure < failure_count ? failures + record.failure : NULL;
        error->count = record.count;
        memcpy(error->values, record.values, sizeof record.values);
    }
    return status == 1 ? HYPERSONIC_FAILED : HYPERSONIC_UNAVAILABLE;
}

/* The memory of a result, which is yours: give it back by hypersonic_free. Null if the result lies in an argument. */
static inline void *hypersonic_take(hypersonic_context *context, uint64_t owner) {
    owner &= ~((uint64_t)1 << 63);
    if (owner & 1) return NULL;
    hypersonic_block *block = (hypersonic_block *)(uintptr_t)owner;
    /* Several results may lie in one block: each of them counts. The first takes it from the list, and marks it as its own neighbour. */
    if (block->next == block) {
        block->references++;
    } else {
        hypersonic_unlink(context, block);
        block->next = block;
        block->references = 1;
    }
    return block;
}

/* Frees what is no result. */
static inline void hypersonic_finish(hypersonic_context *context) {
    while (context->blocks) hypersonic_release(context, context->blocks);
}

/* Gives the memory of an array that a function returned back; null is allowed. */
static inline void hypersonic_free(void *memory) {
    hypersonic_block *block = (hypersonic_block *)memory;
    if (block && --block->references == 0) HYPERSONIC_FREE(block);
}

/* The microarchitecture level of this processor: 1 to 4 on x86-64, 0 elsewhere. HYPERSONIC_CPU_LEVEL in the environment caps it, as in
 * Python: `x86-64-v2` or `v2`. */
static inline int hypersonic_cpu_level(void) {
    static int known = -1;
    if (known >= 0) return known;
    int level = 0;
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
    __builtin_cpu_init();
    level = 1;
    if (__builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("ssse3")) level = 2;
    if (level == 2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
        __builtin_cpu_supports("fma"))
        level = 3;
    if (level == 3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        level = 4;
    const char *cap = getenv("HYPERSONIC_CPU_LEVEL");
    if (cap && strcmp(cap, "x86-64") == 0) level = 1;
    if (cap && strncmp(cap, "x86-64-", 7) == 0) cap += 7;
    if (cap && cap[0] == 'v' && cap[1] > '1' && cap[1] < '5' && !cap[2] && cap[1] - '0' < level) level = cap[1] - '0';
#elif defined(_M_X64)
    /* Every processor that Windows 11 runs on. */
    level = 2;
#endif
    known = level;
    return level;
}

#ifdef HYPERSONIC_DLOPEN
#ifdef _WIN32
#define HYPERSONIC_OPEN(path) ((void *)LoadLibraryA(path))
#define HYPERSONIC_SYMBOL(library, name) ((hypersonic_entry *)(library ? (void *)GetProcAddress((HMODULE)library, name) : NULL))
#else
#define HYPERSONIC_OPEN(path) dlopen(path, RTLD_NOW | RTLD_LOCAL)
#define HYPERSONIC_SYMBOL(library, name) ((hypersonic_entry *)(library ? dlsym(library, name) : NULL))
#endif
#endif

#endif
