/*
 * A program that was compiled with version 1 of maestrino.h calls this library. Every function that takes a struct
 * reports the mismatch, and changes no byte of the program's structs, which were smaller. tests/c_programs.rs runs it
 * with sanitizers.
 *
 * maestrino_choose_network, which had another parameter, and functions without structs are not tested.
 */

#define _DEFAULT_SOURCE

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The declarations of version 1. */

typedef int32_t maestrino_status;

enum { DIMS = 11, MAX_DIRECTIVES = 40, CONV = 0, SPATIAL_MAP = 1, RS = 2 };

struct layer {
    int32_t kind;
    uint32_t stride_y, stride_x;
    uint32_t sizes[DIMS];
};

struct fault {
    maestrino_status status;
    int32_t dim;
    uint32_t level, layer, value, limit;
};

struct hardware {
    uint32_t pes, simd_lanes, l1_bytes, l2_bytes, noc_bandwidth, noc_latency, offchip_bandwidth;
};

struct size {
    int32_t base, of;
};

struct directive {
    int32_t kind, dim;
    struct size size, offset;
};

struct dataflow {
    uint32_t count;
    struct directive directives[MAX_DIRECTIVES];
};

struct energies {
    double mac, l1, l2;
};

struct accesses {
    uint64_t l1_read, l1_write, l2_read, l2_write;
};

struct cost {
    uint64_t cycles, bound_cycles[4], operations;
    struct accesses input, filter, output;
    uint64_t l1_bytes, l2_bytes, noc_peak, offchip;
    double noc_average, active_pes, mac_nj, l1_nj, l2_nj;
};

struct network {
    const uint8_t *data;
    size_t length;
    const char *name;
    size_t name_length;
    uint32_t layer_count, reserved;
};

struct cursor {
    uint32_t index, offset;
};

struct network_layer {
    const char *name;
    size_t name_length;
    struct layer layer;
    uint32_t dataflow;
};

struct total {
    uint32_t layers, reserved;
    uint64_t cycles, operations, l1_bytes, l2_bytes;
    double mac_nj, l1_nj, l2_nj;
};

typedef int32_t (*layer_callback)(void *, uint32_t, const struct network_layer *, const struct cost *);

const char *maestrino_status_text(int32_t);
maestrino_status maestrino_layer_init(int32_t, struct layer *);
maestrino_status maestrino_layer_macs(const struct layer *, uint64_t *, struct fault *);
maestrino_status maestrino_hardware_init(uint32_t, struct hardware *);
maestrino_status maestrino_hardware_check(const struct hardware *, struct fault *);
maestrino_status maestrino_dataflow_preset(int32_t, const struct layer *, const uint32_t *, uint32_t, struct dataflow *,
                                           struct fault *);
maestrino_status maestrino_dataflow_check(const struct layer *, const struct dataflow *, uint32_t, struct fault *);
maestrino_status maestrino_estimate_layer(const struct layer *, const struct dataflow *, const struct hardware *,
                                          const struct energies *, struct cost *, struct fault *);
maestrino_status maestrino_network_open(const uint8_t *, size_t, struct network *, struct fault *);
maestrino_status maestrino_network_next(const struct network *, struct cursor *, struct network_layer *);
maestrino_status maestrino_network_dataflow(const struct network *, uint32_t, struct dataflow *);
maestrino_status maestrino_estimate_network(const struct network *, const struct hardware *, const struct energies *,
                                            layer_callback, void *, struct total *, struct fault *);

/* The status that version 1 did not have. */
enum { BAD_STRUCT_SIZE = 9 };

/*
 * The structs of a program in their old sizes. The memory after each must not be accessed: the struct is on the heap,
 * or just before a protected page, which also detects accesses by code without a sanitizer, such as the library.
 */

enum which { LAYER, FAULT, HARDWARE, DATAFLOW, ENERGIES, COST, NETWORK, NETWORK_LAYER, TOTAL, STRUCTS };
enum content { PLAUSIBLE, ZEROS, ONES, CONTENTS };

static struct {
    size_t size;
    /* The memory that must not change, and a copy of its contents before the call. */
    uint8_t *memory, before[sizeof(struct dataflow)];
    /* The end of the program's own memory, where the protected page begins. */
    uint8_t *fence;
} structs[STRUCTS] = {
    [LAYER].size = sizeof(struct layer),
    [FAULT].size = sizeof(struct fault),
    [HARDWARE].size = sizeof(struct hardware),
    [DATAFLOW].size = sizeof(struct dataflow),
    [ENERGIES].size = sizeof(struct energies),
    [COST].size = sizeof(struct cost),
    [NETWORK].size = sizeof(struct network),
    [NETWORK_LAYER].size = sizeof(struct network_layer),
    [TOTAL].size = sizeof(struct total),
};

static int failures;
static int calls;

static uint8_t *fence(void) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uint8_t *memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory + page, page, PROT_NONE) != 0) {
        perror("mmap");
        exit(2);
    }
    return memory + page;
}

/* Fills a struct as such a program would have done. */
static void fill(enum which which, void *memory, const uint8_t *blob, size_t length) {
    const struct size one = {1, -1};
    switch (which) {
    case LAYER: {
        const struct layer layer = {CONV, 1, 1, {4, 0, 8, 0, 0, 3, 3, 16, 0, 16, 0}};
        memcpy(memory, &layer, sizeof layer);
        break;
    }
    case HARDWARE: {
        const struct hardware hardware = {256, 1, INT32_MAX, INT32_MAX, 1000, 1, 50};
        memcpy(memory, &hardware, sizeof hardware);
        break;
    }
    case DATAFLOW: {
        struct dataflow dataflow = {1, {{SPATIAL_MAP, 2, one, one}}};
        memcpy(memory, &dataflow, sizeof dataflow);
        break;
    }
    case ENERGIES: {
        const struct energies energies = {1, 2, 3};
        memcpy(memory, &energies, sizeof energies);
        break;
    }
    case NETWORK: {
        const struct network network = {blob, length, (const char *)blob, 4, 10, 0};
        memcpy(memory, &network, sizeof network);
        break;
    }
    /* What comes out: what the last call has left there. */
    case FAULT: {
        const struct fault fault = {6, -1, 0, UINT32_MAX, 0, 0};
        memcpy(memory, &fault, sizeof fault);
        break;
    }
    case TOTAL: {
        const struct total total = {10, 0, 123456, 2656768, 512, 30000, 1, 2, 3};
        memcpy(memory, &total, sizeof total);
        break;
    }
    default: memset(memory, 7, structs[which].size);
    }
}

static void prepare(enum which which, enum content content, int on_heap, const uint8_t *blob, size_t length) {
    const size_t size = structs[which].size;
    uint8_t *memory = on_heap ? malloc(size) : structs[which].fence - size;
    if (!memory) {
        exit(2);
    }
    memset(memory, content == ONES ? 0xFF : 0, size);
    if (content == PLAUSIBLE) {
        fill(which, memory, blob, length);
    }
    memcpy(structs[which].before, memory, size);
    structs[which].memory = memory;
}

static void refused(int line, const char *call, maestrino_status status) {
    calls++;
    if (status != BAD_STRUCT_SIZE) {
        failures++;
        fprintf(stderr, "old_caller.c:%d: %s: %s\n", line, call, maestrino_status_text(status));
    }
    for (int which = 0; which < STRUCTS; which++) {
        if (memcmp(structs[which].memory, structs[which].before, structs[which].size) != 0) {
            failures++;
            fprintf(stderr, "old_caller.c:%d: %s has changed struct %d\n", line, call, which);
        }
    }
}
#define REFUSED(call) refused(__LINE__, #call, call)

static int32_t never(void *user, uint32_t index, const struct network_layer *layer, const struct cost *cost) {
    (void)user;
    (void)index;
    (void)layer;
    (void)cost;
    failures++;
    fprintf(stderr, "old_caller.c: called back\n");
    return 0;
}

/* Everything that version 1 had, with a fault and without. */
static void everything(struct fault *fault, const uint8_t *blob, size_t length) {
    struct layer *layer = (void *)structs[LAYER].memory;
    struct hardware *hardware = (void *)structs[HARDWARE].memory;
    struct dataflow *dataflow = (void *)structs[DATAFLOW].memory;
    struct energies *energies = (void *)structs[ENERGIES].memory;
    struct cost *cost = (void *)structs[COST].memory;
    struct network *network = (void *)structs[NETWORK].memory;
    struct network_layer *network_layer = (void *)structs[NETWORK_LAYER].memory;
    struct total *total = (void *)structs[TOTAL].memory;
    const uint32_t tiles[3] = {0, 0, 0};
    struct cursor cursor = {0, 0};
    uint64_t macs = 7;

    REFUSED(maestrino_layer_init(CONV, layer));
    REFUSED(maestrino_layer_macs(layer, &macs, fault));
    REFUSED(maestrino_hardware_init(256, hardware));
    REFUSED(maestrino_hardware_check(hardware, fault));
    REFUSED(maestrino_dataflow_preset(RS, layer, NULL, 0, dataflow, fault));
    REFUSED(maestrino_dataflow_preset(RS, layer, tiles, 256, dataflow, fault));
    REFUSED(maestrino_dataflow_check(layer, dataflow, 256, fault));
    REFUSED(maestrino_estimate_layer(layer, dataflow, hardware, NULL, cost, fault));
    REFUSED(maestrino_estimate_layer(layer, dataflow, hardware, energies, cost, fault));
    REFUSED(maestrino_network_open(blob, length, network, fault));
    REFUSED(maestrino_network_next(network, &cursor, network_layer));
    REFUSED(maestrino_network_dataflow(network, 0, dataflow));
    REFUSED(maestrino_estimate_network(network, hardware, NULL, NULL, NULL, total, fault));
    REFUSED(maestrino_estimate_network(network, hardware, energies, never, NULL, total, fault));
    if (macs != 7 || cursor.index != 0 || cursor.offset != 0) {
        failures++;
        fprintf(stderr, "old_caller.c: a number has changed\n");
    }
}

int main(int argc, char **argv) {
    static uint8_t blob[1 << 16];
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (!file) {
        fprintf(stderr, "usage: %s BLOB\n", argv[0]);
        return 2;
    }
    const size_t length = fread(blob, 1, sizeof blob, file);
    fclose(file);
    for (int which = 0; which < STRUCTS; which++) {
        structs[which].fence = fence();
    }
    /* What goes in and what comes out, in every combination. */
    for (int round = 0; round < 2 * CONTENTS * CONTENTS; round++) {
        const int on_heap = round % 2;
        const enum content in = (enum content)(round / 2 % CONTENTS), out = (enum content)(round / 2 / CONTENTS);
        for (int which = 0; which < STRUCTS; which++) {
            const int comes_out = which == FAULT || which == COST || which == NETWORK_LAYER || which == TOTAL;
            prepare((enum which)which, comes_out ? out : in, on_heap, blob, length);
        }
        everything((void *)structs[FAULT].memory, blob, length);
        everything(NULL, blob, length);
        for (int which = 0; which < STRUCTS && on_heap; which++) {
            free(structs[which].memory);
        }
    }
    printf("%d calls, %d failures\n", calls, failures);
    return failures ? 1 : 0;
}
