/* A libcuda for the tests of the launcher: "device" memory is host memory with a registry, and the kernels that the test
   package names are C functions. It counts what is allocated and refuses what a driver refuses. The project's own
   stand-in, which interprets PTX, is another one; this one knows nothing of PTX but the names of entries. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t u64;
enum { SLOTS = 4096, OK = 0, INVALID = 1, OUT_OF_MEMORY = 2, NO_CONTEXT = 201, NOT_FOUND = 500 };
static struct { u64 address; size_t size; int device; } slots[SLOTS];
static __thread int depth;
static __thread void *stack[64];
static long launches, synchronisations, fail_launch;
static u64 last_stream;
static char contexts[2];

long standin_live(void) { long n = 0; for (int i = 0; i < SLOTS; i++) n += slots[i].address != 0; return n; }
long standin_launches(void) { return launches; }
long standin_synchronisations(void) { return synchronisations; }
u64 standin_last_stream(void) { return last_stream; }
void standin_fail_launch(long yes) { fail_launch = yes; }

static int find(u64 address) {
    for (int i = 0; i < SLOTS; i++)
        if (slots[i].address && address >= slots[i].address && address < slots[i].address + slots[i].size) return i;
    return -1;
}

static int current(void) { return depth ? (int)((char *)stack[depth - 1] - contexts) : -1; }

int cuInit(unsigned flags) { return getenv("STANDIN_NO_DEVICE") ? 100 : OK; }
int cuDeviceGetCount(int *count) { *count = 2; return OK; }
int cuDeviceGet(int *device, int ordinal) { *device = ordinal; return ordinal < 2 ? OK : 101; }
int cuDevicePrimaryCtxRetain(void **context, int device) { *context = &contexts[device]; return OK; }
int cuCtxPushCurrent_v2(void *context) { stack[depth++] = context; return OK; }
int cuCtxPopCurrent_v2(void **context) { if (!depth) return NO_CONTEXT; *context = stack[--depth]; return OK; }

int standin_allocate(u64 *address, size_t size, int device) {
    if (size > (1ull << 32)) return OUT_OF_MEMORY;
    for (int i = 0; i < SLOTS; i++)
        if (!slots[i].address) {
            slots[i].address = *address = (u64)aligned_alloc(256, (size + 255) & ~255ull);
            slots[i].size = size;
            slots[i].device = device;
            memset((void *)*address, 0xA5, size);
            return OK;
        }
    return OUT_OF_MEMORY;
}

int cuMemAlloc_v2(u64 *address, size_t size) { return depth ? standin_allocate(address, size, current()) : NO_CONTEXT; }

int cuMemFree_v2(u64 address) {
    int i = find(address);
    if (!depth) return NO_CONTEXT;
    if (i < 0 || slots[i].address != address) return INVALID;
    free((void *)address);
    slots[i].address = 0;
    return OK;
}

int cuMemsetD8Async(u64 address, unsigned char value, size_t size, void *stream) {
    if (!depth || find(address) < 0) return INVALID;
    memset((void *)address, value, size);
    return OK;
}

int cuMemcpyDtoH_v2(void *to, u64 from, size_t size) {
    int i = find(from);
    if (!depth || i < 0 || from + size > slots[i].address + slots[i].size) return INVALID;
    memcpy(to, (void *)from, size);
    return OK;
}

int cuMemcpyHtoD_v2(u64 to, const void *from, size_t size) {
    int i = find(to);
    if (i < 0 || to + size > slots[i].address + slots[i].size) return INVALID;
    memcpy((void *)to, from, size);
    return OK;
}

int cuPointerGetAttribute(void *data, int attribute, u64 address) {
    int i = find(address);
    if (i < 0 || attribute != 9) return INVALID;
    *(int *)data = slots[i].device;
    return OK;
}

int cuStreamSynchronize(void *stream) { synchronisations++; return depth ? OK : NO_CONTEXT; }

int cuGetErrorString(int code, const char **text) { *text = code == OUT_OF_MEMORY ? "out of memory" : "no such luck"; return OK; }

static void scale(u64 count, u64 i, u64 **p) {
    if (i < count) *(double *)(*p[3] + 8 * i) = *(double *)(*p[1] + *p[2] * i) * *(double *)p[4];
}

static void fill(u64 count, u64 i, u64 **p) {
    if (i < count) *(double *)(*p[1] + *p[2] * i) = *(double *)p[3];
}

int cuModuleLoadDataEx(void **module, const void *image, unsigned n, int *options, void **values) {
    if (!depth) return NO_CONTEXT;
    if (!strstr(image, ".version")) return 218;
    *module = strdup(image);
    return OK;
}

int cuModuleGetFunction(void **function, void *module, const char *name) {
    if (!strstr(module, name)) return NOT_FOUND;
    *function = !strcmp(name, "gpu_scale") ? (void *)scale : !strcmp(name, "gpu_fill") ? (void *)fill : NULL;
    return *function ? OK : NOT_FOUND;
}

int cuLaunchKernel(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared,
                   void *stream, void **parameters, void **extra) {
    if (!depth || fail_launch) return 701;
    u64 count = *(u64 *)parameters[0];
    for (u64 i = 0; i < (u64)gx * bx; i++) ((void (*)(u64, u64, void **))function)(count, i, parameters);
    launches++;
    last_stream = (u64)stream;
    return OK;
}
