/* The kernel interface as a C program sees it: what the compiler emits, written by hand for the tests. */
#include <stdint.h>

typedef struct Block {
    uint8_t *data;
    int64_t references;
    uint64_t bytes;
    struct Block *next, *previous;
    uint64_t kind;
} Block;

typedef struct Context {
    Block *blocks;
    void *owner;
} Context;

typedef struct ErrorRecord {
    uint32_t failure, count;
    uint64_t values[8];
} ErrorRecord;

typedef struct Support {
    uint32_t version, size;
    Block *(*allocate)(Context *, uint64_t bytes, uint64_t zeroed);
    void (*release)(Context *, Block *);
    double (*python_random)(Context *);
    int32_t (*launch)(Context *, uint32_t kernel, uint64_t count, const uint64_t *parameters, uint64_t n);
    uint64_t (*overlap)(Context *, const int64_t *x, uint64_t x_rank, int64_t x_size, const int64_t *y, uint64_t y_rank, int64_t y_size,
                        uint64_t unless_same);
    int64_t (*object)(Context *, uint64_t op, const uint64_t *arguments, uint64_t *results);
    uint64_t (*stack_end)(Context *);
} Support;

typedef struct Object {
    Block block;
    int64_t length;
    void *origin;
    uint64_t hash;
    int64_t capacity;
    uint64_t layout, value_layout;
    uint64_t modified;
} Object;

#define KERNEL(name) \
    int32_t name(const Support *support, Context *context, ErrorRecord *error, const uint64_t *in, uint64_t *out)

static inline double as_double(uint64_t word) { union { uint64_t u; double d; } c = {.u = word}; return c.d; }
static inline uint64_t from_double(double value) { union { uint64_t u; double d; } c = {.d = value}; return c.u; }
static inline float as_float(uint64_t word) { union { uint32_t u; float f; } c = {.u = (uint32_t)word}; return c.f; }
static inline uint64_t from_float(float value) { union { uint32_t u; float f; } c = {.f = value}; return c.u; }
static inline int32_t fail(ErrorRecord *error, uint32_t row) { error->failure = row; error->count = 0; return 1; }
