/*
 * Everything that a caller can get wrong, and what must come of it: the right status, untouched out-parameters, no
 * access outside of what was given. Run by tests/c_programs.rs, with sanitizers.
 *
 *   abuse BLOB ROUNDS
 *   abuse BLOB out-parameters
 */

#define _DEFAULT_SOURCE

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "maestrino.h"

enum { MAX_BLOB = 4096, POISON = 0xA5, CODES = 256 };

static int failures;
static int checks;
static unsigned char seen[CODES];

/* Every out-parameter, so that one look tells whether any of them was touched. */
static struct {
    maestrino_layer layer;
    uint64_t macs;
    maestrino_hardware hardware;
    maestrino_dataflow dataflow;
    maestrino_cost cost;
    maestrino_network network;
    maestrino_network_layer network_layer;
    maestrino_total total;
    uint32_t index;
    uint64_t us;
} out;
static maestrino_fault fault;

static void fail(int line, const char *what, const char *why, long long number) {
    if (++failures <= 50) {
        fprintf(stderr, "abuse.c:%d: %s: %s %lld\n", line, what, why, number);
    }
}

static void poison(void) {
    memset(&out, POISON, sizeof out);
    memset(&fault, POISON, sizeof fault);
}

static int poisoned(const void *memory, size_t length) {
    const unsigned char *byte = memory;
    for (size_t i = 0; i < length; i++) {
        if (byte[i] != POISON) {
            return 0;
        }
    }
    return 1;
}

static void note(maestrino_status status) {
    if (status >= 0 && (int)status < CODES) {
        seen[status] = 1;
    }
}

/* What a call must leave behind. Its text tells whether it was given the fault. */
static void judge(int line, const char *call, maestrino_status status, maestrino_status expected) {
    checks++;
    note(status);
    if (status != expected) {
        fail(line, call, maestrino_status_text(status), status);
    }
    if (!strstr(call, "&fault") || strstr(call, "OFF(&fault)")) {
        if (!poisoned(&fault, sizeof fault)) {
            fail(line, call, "a fault that was not given is written", 0);
        }
    } else if (fault.status != status) {
        fail(line, call, "the fault tells another status", fault.status);
    } else if (status == MAESTRINO_OK &&
               (fault.dim != -1 || fault.level || fault.layer != UINT32_MAX || fault.value || fault.limit)) {
        fail(line, call, "a fault without a failure", 0);
    }
    if (expected != MAESTRINO_OK && expected != MAESTRINO_DEADLINE_MISSED && !poisoned(&out, sizeof out)) {
        fail(line, call, "an out-parameter was written", 0);
    }
}

#define EXPECT(expected, ...)                                                                                          \
    do {                                                                                                               \
        poison();                                                                                                      \
        judge(__LINE__, #__VA_ARGS__, __VA_ARGS__, expected);                                                          \
    } while (0)
#define HOLDS(condition)                                                                                               \
    do {                                                                                                               \
        checks++;                                                                                                      \
        if (!(condition))                                                                                              \
            fail(__LINE__, #condition, "", 0);                                                                         \
    } while (0)
/* A pointer that is off by one byte. */
#define OFF(pointer) ((void *)((char *)(pointer) + 1))

static const maestrino_size NONE = {0, -1};
static const maestrino_size ONE = {1, -1};

static maestrino_layer conv(void) {
    maestrino_layer layer = {MAESTRINO_CONV, 1, 1, {0}};
    layer.sizes[MAESTRINO_K] = 8;
    layer.sizes[MAESTRINO_C] = 4;
    layer.sizes[MAESTRINO_R] = layer.sizes[MAESTRINO_S] = 3;
    layer.sizes[MAESTRINO_Y] = layer.sizes[MAESTRINO_X] = 16;
    return layer;
}

static maestrino_dataflow spread(int32_t dim) {
    maestrino_dataflow dataflow = {0};
    dataflow.count = 1;
    dataflow.directives[0].kind = MAESTRINO_SPATIAL_MAP;
    dataflow.directives[0].dim = dim;
    dataflow.directives[0].size = dataflow.directives[0].offset = ONE;
    return dataflow;
}

static void append(maestrino_dataflow *dataflow, int32_t kind, int32_t size, int32_t offset, int32_t dim) {
    maestrino_directive *line = &dataflow->directives[dataflow->count++];
    line->kind = kind;
    line->dim = dim;
    line->size = NONE;
    line->size.base = size;
    line->offset = NONE;
    line->offset.base = offset;
}

static maestrino_hardware array(uint32_t pes) {
    maestrino_hardware hardware;
    HOLDS(maestrino_hardware_init(pes, &hardware) == MAESTRINO_OK);
    return hardware;
}

/* Complete, or the compiler complains. */
static const char *code(enum maestrino_status status) {
    switch (status) {
#define CODE(name)                                                                                                     \
    case name: return #name
        CODE(MAESTRINO_OK);
        CODE(MAESTRINO_NULL_POINTER);
        CODE(MAESTRINO_MISALIGNED);
        CODE(MAESTRINO_UNKNOWN_NUMBER);
        CODE(MAESTRINO_COUNT_TOO_LARGE);
        CODE(MAESTRINO_END);
        CODE(MAESTRINO_DEADLINE_MISSED);
        CODE(MAESTRINO_STOPPED);
        CODE(MAESTRINO_OUT_OF_RANGE);
        CODE(MAESTRINO_BLOB_TRUNCATED);
        CODE(MAESTRINO_BLOB_MAGIC);
        CODE(MAESTRINO_BLOB_VERSION);
        CODE(MAESTRINO_BLOB_CORRUPT);
        CODE(MAESTRINO_BLOB_MALFORMED);
        CODE(MAESTRINO_BAD_PES);
        CODE(MAESTRINO_BAD_SIMD_LANES);
        CODE(MAESTRINO_BAD_NOC_BANDWIDTH);
        CODE(MAESTRINO_BAD_NOC_LATENCY);
        CODE(MAESTRINO_BAD_OFFCHIP_BANDWIDTH);
        CODE(MAESTRINO_MISSING_DIM);
        CODE(MAESTRINO_FOREIGN_DIM);
        CODE(MAESTRINO_REPEATED_DIM);
        CODE(MAESTRINO_BAD_EXTENT);
        CODE(MAESTRINO_BAD_STRIDE);
        CODE(MAESTRINO_FILTER_EXCEEDS_INPUT);
        CODE(MAESTRINO_EMPTY_DATAFLOW);
        CODE(MAESTRINO_TOO_MANY_DIRECTIVES);
        CODE(MAESTRINO_TOO_MANY_LEVELS);
        CODE(MAESTRINO_TOO_MANY_MAPS);
        CODE(MAESTRINO_BAD_MAP_SIZE);
        CODE(MAESTRINO_BAD_CLUSTER_SIZE);
        CODE(MAESTRINO_SIZE_OF_MISSING_DIM);
        CODE(MAESTRINO_MAP_OF_MISSING_DIM);
        CODE(MAESTRINO_MAP_OF_INPUT_AND_OUTPUT);
        CODE(MAESTRINO_SPLIT_FILTER);
        CODE(MAESTRINO_NO_SPATIAL_MAP);
        CODE(MAESTRINO_TOO_MANY_SPATIAL_MAPS);
        CODE(MAESTRINO_CLUSTER_EXCEEDS_ARRAY);
        CODE(MAESTRINO_BAD_TILE);
        CODE(MAESTRINO_NO_NEW_DATA);
        CODE(MAESTRINO_NO_OUTPUT);
        CODE(MAESTRINO_ILL_FORMED);
        CODE(MAESTRINO_OVERFLOW);
#undef CODE
    }
    return NULL;
}

static void constants(void) {
    HOLDS(maestrino_abi_version() == MAESTRINO_ABI_VERSION);
    HOLDS(maestrino_struct_size(MAESTRINO_STRUCT_LAYER) == sizeof(maestrino_layer));
    HOLDS(maestrino_struct_size(MAESTRINO_STRUCT_DATAFLOW) == sizeof(maestrino_dataflow));
    HOLDS(maestrino_struct_size(MAESTRINO_STRUCT_HARDWARE) == sizeof(maestrino_hardware));
    HOLDS(maestrino_struct_size(MAESTRINO_STRUCT_ENERGIES) == sizeof(maestrino_energies));
    HOLDS(maestrino_struct_size(MAESTRINO_STRUCT_COST) == sizeof(maestrino_cost));
    HOLDS(maestrino_struct_size(MAESTRINO_STRUCT_TOTAL) == sizeof(maestrino_total));
    HOLDS(maestrino_struct_size(MAESTRINO_STRUCT_NETWORK) == sizeof(maestrino_network));
    HOLDS(maestrino_struct_size(MAESTRINO_STRUCT_NETWORK_LAYER) == sizeof(maestrino_network_layer));
    HOLDS(maestrino_struct_size(MAESTRINO_STRUCT_FAULT) == sizeof(maestrino_fault));
    HOLDS(maestrino_struct_size(-1) == 0 && maestrino_struct_size(MAESTRINO_STRUCT_FAULT + 1) == 0);
    HOLDS(maestrino_struct_size(INT32_MIN) == 0 && maestrino_struct_size(INT32_MAX) == 0);

    const char *unknown = "unknown status";
    for (int32_t status = -300; status < 1000; status++) {
        const char *text = maestrino_status_text(status);
        int known = status >= 0 && code((enum maestrino_status)status) != NULL;
        HOLDS((strcmp(text, unknown) != 0) == known);
    }
    HOLDS(strcmp(maestrino_status_text(INT32_MIN), unknown) == 0);
    HOLDS(strcmp(maestrino_status_text(INT32_MAX), unknown) == 0);
}

static const int32_t NO_NUMBERS[] = {-1, -2, 13, 14, 255, 256, INT32_MIN, INT32_MAX};

static void layers(void) {
    for (size_t i = 0; i < sizeof NO_NUMBERS / sizeof *NO_NUMBERS; i++) {
        EXPECT(MAESTRINO_UNKNOWN_NUMBER, maestrino_layer_init(NO_NUMBERS[i], &out.layer));
        maestrino_layer layer = conv();
        layer.kind = NO_NUMBERS[i];
        EXPECT(MAESTRINO_UNKNOWN_NUMBER, maestrino_layer_macs(&layer, &out.macs, &fault));
    }
    EXPECT(MAESTRINO_UNKNOWN_NUMBER, maestrino_layer_init(MAESTRINO_ELTWISE + 1, &out.layer));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_layer_init(MAESTRINO_CONV, NULL));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_layer_init(MAESTRINO_CONV, OFF(&out.layer)));
    for (int32_t kind = MAESTRINO_CONV; kind <= MAESTRINO_ELTWISE; kind++) {
        EXPECT(MAESTRINO_OK, maestrino_layer_init(kind, &out.layer));
        maestrino_layer empty = {kind, 1, 1, {0}};
        HOLDS(memcmp(&empty, &out.layer, sizeof empty) == 0);
        EXPECT(MAESTRINO_MISSING_DIM, maestrino_layer_macs(&empty, &out.macs, &fault));
        HOLDS(fault.dim >= 0 && fault.dim < MAESTRINO_DIMS);
    }

    const maestrino_layer good = conv();
    EXPECT(MAESTRINO_OK, maestrino_layer_macs(&good, &out.macs, &fault));
    HOLDS(out.macs == 8 * 4 * 3 * 3 * 14 * 14);
    EXPECT(MAESTRINO_OK, maestrino_layer_macs(&good, &out.macs, NULL));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_layer_macs(NULL, &out.macs, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_layer_macs(&good, NULL, &fault));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_layer_macs(OFF(&good), &out.macs, &fault));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_layer_macs(&good, OFF(&out.macs), &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_layer_macs(NULL, NULL, NULL));

    maestrino_layer bad = good;
    bad.sizes[MAESTRINO_G] = 2;
    EXPECT(MAESTRINO_FOREIGN_DIM, maestrino_layer_macs(&bad, &out.macs, &fault));
    HOLDS(fault.dim == MAESTRINO_G);
    bad = good;
    bad.sizes[MAESTRINO_OUT_Y] = 14;
    EXPECT(MAESTRINO_REPEATED_DIM, maestrino_layer_macs(&bad, &out.macs, &fault));
    for (int32_t dim = 0; dim < MAESTRINO_DIMS; dim++) {
        static const uint32_t HUGE_SIZES[] = {(1u << 24) + 1, INT32_MAX, (uint32_t)INT32_MAX + 1, UINT32_MAX};
        for (size_t i = 0; i < sizeof HUGE_SIZES / sizeof *HUGE_SIZES && good.sizes[dim]; i++) {
            bad = good;
            bad.sizes[dim] = HUGE_SIZES[i];
            EXPECT(MAESTRINO_BAD_EXTENT, maestrino_layer_macs(&bad, &out.macs, &fault));
            HOLDS(fault.dim == dim && fault.value == HUGE_SIZES[i]);
        }
        if (good.sizes[dim]) {
            bad = good;
            bad.sizes[dim] = 0;
            EXPECT(MAESTRINO_MISSING_DIM, maestrino_layer_macs(&bad, &out.macs, &fault));
            HOLDS(fault.dim == dim);
        }
    }
    bad = good;
    bad.stride_y = 0;
    EXPECT(MAESTRINO_BAD_STRIDE, maestrino_layer_macs(&bad, &out.macs, &fault));
    bad = good;
    bad.stride_x = UINT32_MAX;
    EXPECT(MAESTRINO_BAD_STRIDE, maestrino_layer_macs(&bad, &out.macs, &fault));
    HOLDS(fault.dim == MAESTRINO_X && fault.value == UINT32_MAX);
    bad = good;
    bad.sizes[MAESTRINO_R] = 17;
    EXPECT(MAESTRINO_FILTER_EXCEEDS_INPUT, maestrino_layer_macs(&bad, &out.macs, &fault));
    HOLDS(fault.dim == MAESTRINO_Y && fault.value == 17 && fault.limit == 16);
    bad = good;
    bad.sizes[MAESTRINO_K] = bad.sizes[MAESTRINO_C] = bad.sizes[MAESTRINO_Y] = bad.sizes[MAESTRINO_X] = 1 << 24;
    EXPECT(MAESTRINO_OVERFLOW, maestrino_layer_macs(&bad, &out.macs, &fault));
    memset(&bad, 0xFF, sizeof bad);
    EXPECT(MAESTRINO_UNKNOWN_NUMBER, maestrino_layer_macs(&bad, &out.macs, &fault));
}

static void accelerators(void) {
    EXPECT(MAESTRINO_BAD_PES, maestrino_hardware_init(0, &out.hardware));
    EXPECT(MAESTRINO_BAD_PES, maestrino_hardware_init(UINT32_MAX, &out.hardware));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_hardware_init(16, NULL));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_hardware_init(16, OFF(&out.hardware)));
    EXPECT(MAESTRINO_OK, maestrino_hardware_init(16, &out.hardware));
    HOLDS(out.hardware.pes == 16 && out.hardware.simd_lanes == 1 && out.hardware.noc_latency == 1);

    const maestrino_hardware good = array(16);
    EXPECT(MAESTRINO_OK, maestrino_hardware_check(&good, &fault));
    EXPECT(MAESTRINO_OK, maestrino_hardware_check(&good, NULL));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_hardware_check(NULL, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_hardware_check(NULL, NULL));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_hardware_check(OFF(&good), &fault));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_hardware_check(&good, OFF(&fault)));

    static const struct {
        size_t field;
        uint32_t value;
        maestrino_status status;
    } BAD[] = {
        {offsetof(maestrino_hardware, pes), 0, MAESTRINO_BAD_PES},
        {offsetof(maestrino_hardware, pes), UINT32_MAX, MAESTRINO_BAD_PES},
        {offsetof(maestrino_hardware, simd_lanes), 0, MAESTRINO_BAD_SIMD_LANES},
        {offsetof(maestrino_hardware, simd_lanes), UINT32_MAX, MAESTRINO_BAD_SIMD_LANES},
        {offsetof(maestrino_hardware, noc_bandwidth), 0, MAESTRINO_BAD_NOC_BANDWIDTH},
        {offsetof(maestrino_hardware, noc_bandwidth), UINT32_MAX, MAESTRINO_BAD_NOC_BANDWIDTH},
        {offsetof(maestrino_hardware, noc_latency), UINT32_MAX, MAESTRINO_BAD_NOC_LATENCY},
        {offsetof(maestrino_hardware, offchip_bandwidth), 0, MAESTRINO_BAD_OFFCHIP_BANDWIDTH},
        {offsetof(maestrino_hardware, offchip_bandwidth), UINT32_MAX, MAESTRINO_BAD_OFFCHIP_BANDWIDTH},
    };
    const maestrino_layer layer = conv();
    const maestrino_dataflow dataflow = spread(MAESTRINO_K);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        maestrino_hardware bad = good;
        memcpy((char *)&bad + BAD[i].field, &BAD[i].value, sizeof BAD[i].value);
        EXPECT(BAD[i].status, maestrino_hardware_check(&bad, &fault));
        HOLDS(fault.value == BAD[i].value);
        EXPECT(BAD[i].status, maestrino_estimate_layer(&layer, &dataflow, &bad, NULL, &out.cost, &fault));
    }
}

static void dataflows(void) {
    const maestrino_layer layer = conv();
    const maestrino_dataflow good = spread(MAESTRINO_K);
    const uint32_t tiles[MAESTRINO_MAX_TILES + 1] = {0};

    for (int32_t preset = MAESTRINO_KCP_WS; preset <= MAESTRINO_CYR_RS; preset++) {
        EXPECT(MAESTRINO_OK, maestrino_dataflow_preset(preset, &layer, NULL, 16, &out.dataflow, &fault));
        maestrino_dataflow defaults = out.dataflow;
        HOLDS(defaults.count > 0 && defaults.count <= MAESTRINO_MAX_DIRECTIVES);
        EXPECT(MAESTRINO_OK, maestrino_dataflow_preset(preset, &layer, tiles, 16, &out.dataflow, NULL));
        HOLDS(memcmp(&defaults, &out.dataflow, sizeof defaults) == 0);
        const maestrino_status suits = maestrino_dataflow_check(&layer, &defaults, 16, &fault);
        HOLDS(suits == MAESTRINO_OK);
        EXPECT(MAESTRINO_OK, maestrino_dataflow_preset(preset, &layer, NULL, 0, &out.dataflow, &fault));
        EXPECT(MAESTRINO_OK, maestrino_dataflow_preset(preset, &layer, NULL, UINT32_MAX, &out.dataflow, &fault));
    }
    for (size_t i = 0; i < sizeof NO_NUMBERS / sizeof *NO_NUMBERS; i++) {
        EXPECT(MAESTRINO_UNKNOWN_NUMBER,
               maestrino_dataflow_preset(NO_NUMBERS[i], &layer, NULL, 0, &out.dataflow, &fault));
    }
    EXPECT(MAESTRINO_UNKNOWN_NUMBER,
           maestrino_dataflow_preset(MAESTRINO_CYR_RS + 1, &layer, NULL, 0, &out.dataflow, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_dataflow_preset(MAESTRINO_RS, NULL, NULL, 0, &out.dataflow, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_dataflow_preset(MAESTRINO_RS, &layer, NULL, 0, NULL, &fault));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_dataflow_preset(MAESTRINO_RS, OFF(&layer), NULL, 0, &out.dataflow, &fault));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_dataflow_preset(MAESTRINO_RS, &layer, OFF(tiles), 0, &out.dataflow, &fault));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_dataflow_preset(MAESTRINO_RS, &layer, NULL, 0, OFF(&out.dataflow), &fault));
    const uint32_t huge[MAESTRINO_MAX_TILES] = {UINT32_MAX, UINT32_MAX, UINT32_MAX};
    EXPECT(MAESTRINO_BAD_TILE, maestrino_dataflow_preset(MAESTRINO_RS, &layer, huge, 0, &out.dataflow, &fault));
    HOLDS(fault.value == UINT32_MAX);
    maestrino_layer no_layer = layer;
    no_layer.kind = -1;
    EXPECT(MAESTRINO_UNKNOWN_NUMBER,
           maestrino_dataflow_preset(MAESTRINO_RS, &no_layer, NULL, 0, &out.dataflow, &fault));

    EXPECT(MAESTRINO_OK, maestrino_dataflow_check(&layer, &good, 16, &fault));
    EXPECT(MAESTRINO_OK, maestrino_dataflow_check(&layer, &good, 16, NULL));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_dataflow_check(NULL, &good, 16, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_dataflow_check(&layer, NULL, 16, &fault));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_dataflow_check(OFF(&layer), &good, 16, &fault));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_dataflow_check(&layer, OFF(&good), 16, &fault));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_dataflow_check(&layer, &good, 16, OFF(&fault)));
    EXPECT(MAESTRINO_BAD_PES, maestrino_dataflow_check(&layer, &good, 0, &fault));
    EXPECT(MAESTRINO_BAD_PES, maestrino_dataflow_check(&layer, &good, UINT32_MAX, &fault));

    maestrino_dataflow bad = good;
    bad.count = 0;
    EXPECT(MAESTRINO_EMPTY_DATAFLOW, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    bad.count = MAESTRINO_MAX_DIRECTIVES + 1;
    EXPECT(MAESTRINO_COUNT_TOO_LARGE, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    bad.count = UINT32_MAX;
    EXPECT(MAESTRINO_COUNT_TOO_LARGE, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    for (size_t i = 0; i < sizeof NO_NUMBERS / sizeof *NO_NUMBERS; i++) {
        bad = good;
        bad.directives[0].kind = NO_NUMBERS[i];
        EXPECT(MAESTRINO_UNKNOWN_NUMBER, maestrino_dataflow_check(&layer, &bad, 16, &fault));
        bad = good;
        bad.directives[0].dim = NO_NUMBERS[i];
        EXPECT(MAESTRINO_UNKNOWN_NUMBER, maestrino_dataflow_check(&layer, &bad, 16, &fault));
        if (NO_NUMBERS[i] != -1) {
            bad = good;
            bad.directives[0].size.of = NO_NUMBERS[i];
            EXPECT(MAESTRINO_UNKNOWN_NUMBER, maestrino_dataflow_check(&layer, &bad, 16, &fault));
            bad = good;
            bad.directives[0].offset.of = NO_NUMBERS[i];
            EXPECT(MAESTRINO_UNKNOWN_NUMBER, maestrino_dataflow_check(&layer, &bad, 16, &fault));
        }
    }
    static const int32_t BAD_SIZES[] = {0, -1, INT32_MIN, INT32_MAX, (1 << 24) + 1};
    for (size_t i = 0; i < sizeof BAD_SIZES / sizeof *BAD_SIZES; i++) {
        bad = good;
        bad.directives[0].size.base = BAD_SIZES[i];
        EXPECT(MAESTRINO_BAD_MAP_SIZE, maestrino_dataflow_check(&layer, &bad, 16, &fault));
        HOLDS(fault.dim == MAESTRINO_K && fault.level == 1 && (int32_t)fault.value == BAD_SIZES[i]);
        bad = good;
        append(&bad, MAESTRINO_CLUSTER, BAD_SIZES[i], 0, 0);
        EXPECT(MAESTRINO_BAD_CLUSTER_SIZE, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    }
    bad = spread(MAESTRINO_G);
    EXPECT(MAESTRINO_MAP_OF_MISSING_DIM, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    bad = good;
    bad.directives[0].size.of = MAESTRINO_G;
    EXPECT(MAESTRINO_SIZE_OF_MISSING_DIM, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    bad = good;
    append(&bad, MAESTRINO_TEMPORAL_MAP, 3, 1, MAESTRINO_Y);
    append(&bad, MAESTRINO_TEMPORAL_MAP, 1, 1, MAESTRINO_OUT_Y);
    EXPECT(MAESTRINO_MAP_OF_INPUT_AND_OUTPUT, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    bad = good;
    append(&bad, MAESTRINO_TEMPORAL_MAP, 1, 1, MAESTRINO_R);
    EXPECT(MAESTRINO_SPLIT_FILTER, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    HOLDS(fault.dim == MAESTRINO_R && fault.limit == 3);
    bad = good;
    bad.directives[0].kind = MAESTRINO_TEMPORAL_MAP;
    EXPECT(MAESTRINO_NO_SPATIAL_MAP, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    bad = good;
    append(&bad, MAESTRINO_SPATIAL_MAP, 1, 1, MAESTRINO_C);
    append(&bad, MAESTRINO_SPATIAL_MAP, 3, 1, MAESTRINO_Y);
    EXPECT(MAESTRINO_TOO_MANY_SPATIAL_MAPS, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    bad = good;
    append(&bad, MAESTRINO_CLUSTER, 17, 0, 0);
    append(&bad, MAESTRINO_SPATIAL_MAP, 1, 1, MAESTRINO_C);
    EXPECT(MAESTRINO_CLUSTER_EXCEEDS_ARRAY, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    HOLDS(fault.value == 17 && fault.limit == 16);
    bad = good;
    for (int i = 0; i < 4; i++) {
        append(&bad, MAESTRINO_CLUSTER, 1, 0, 0);
        append(&bad, MAESTRINO_SPATIAL_MAP, 1, 1, MAESTRINO_C);
    }
    EXPECT(MAESTRINO_TOO_MANY_LEVELS, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    bad = good;
    while (bad.count < MAESTRINO_MAX_DIRECTIVES) {
        append(&bad, MAESTRINO_TEMPORAL_MAP, 1, 1, MAESTRINO_C);
    }
    EXPECT(MAESTRINO_TOO_MANY_MAPS, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    memset(&bad, 0xFF, sizeof bad);
    EXPECT(MAESTRINO_COUNT_TOO_LARGE, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    bad.count = MAESTRINO_MAX_DIRECTIVES;
    EXPECT(MAESTRINO_UNKNOWN_NUMBER, maestrino_dataflow_check(&layer, &bad, 16, &fault));
}

static void estimates(void) {
    const maestrino_layer layer = conv();
    const maestrino_dataflow dataflow = spread(MAESTRINO_K);
    const maestrino_hardware hardware = array(16);
    const maestrino_energies energies = {1, 1, 1};

    EXPECT(MAESTRINO_OK, maestrino_estimate_layer(&layer, &dataflow, &hardware, NULL, &out.cost, NULL));
    EXPECT(MAESTRINO_OK, maestrino_estimate_layer(&layer, &dataflow, &hardware, &energies, &out.cost, &fault));
    HOLDS(out.cost.mac_nj == (double)out.cost.operations);
    HOLDS(out.cost.bound_cycles[0] + out.cost.bound_cycles[1] + out.cost.bound_cycles[2] + out.cost.bound_cycles[3] ==
          out.cost.cycles);
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_estimate_layer(NULL, &dataflow, &hardware, NULL, &out.cost, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_estimate_layer(&layer, NULL, &hardware, NULL, &out.cost, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_estimate_layer(&layer, &dataflow, NULL, NULL, &out.cost, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_estimate_layer(&layer, &dataflow, &hardware, NULL, NULL, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_estimate_layer(NULL, NULL, NULL, NULL, NULL, NULL));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_estimate_layer(OFF(&layer), &dataflow, &hardware, NULL, &out.cost, &fault));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_estimate_layer(&layer, OFF(&dataflow), &hardware, NULL, &out.cost, &fault));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_estimate_layer(&layer, &dataflow, OFF(&hardware), NULL, &out.cost, &fault));
    EXPECT(MAESTRINO_MISALIGNED,
           maestrino_estimate_layer(&layer, &dataflow, &hardware, OFF(&energies), &out.cost, &fault));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_estimate_layer(&layer, &dataflow, &hardware, NULL, OFF(&out.cost), &fault));

    const double bad_energies[] = {-1, -INFINITY, INFINITY, NAN};
    for (size_t i = 0; i < sizeof bad_energies / sizeof *bad_energies; i++) {
        maestrino_energies bad[3] = {energies, energies, energies};
        bad[0].mac = bad[1].l1 = bad[2].l2 = bad_energies[i];
        for (int j = 0; j < 3; j++) {
            EXPECT(MAESTRINO_OUT_OF_RANGE,
                   maestrino_estimate_layer(&layer, &dataflow, &hardware, &bad[j], &out.cost, &fault));
        }
    }
    maestrino_layer large = layer;
    large.sizes[MAESTRINO_K] = large.sizes[MAESTRINO_C] = large.sizes[MAESTRINO_Y] = large.sizes[MAESTRINO_X] = 1 << 24;
    EXPECT(MAESTRINO_OVERFLOW, maestrino_estimate_layer(&large, &dataflow, &hardware, NULL, &out.cost, &fault));
    maestrino_dataflow narrow = dataflow;
    append(&narrow, MAESTRINO_TEMPORAL_MAP, 1, 1, MAESTRINO_Y);
    EXPECT(MAESTRINO_NO_OUTPUT, maestrino_estimate_layer(&layer, &narrow, &hardware, NULL, &out.cost, &fault));

    EXPECT(MAESTRINO_OUT_OF_RANGE, maestrino_cycles_to_us(1, 0, &out.us));
    EXPECT(MAESTRINO_OUT_OF_RANGE, maestrino_cycles_to_us(0, 0, &out.us));
    EXPECT(MAESTRINO_OVERFLOW, maestrino_cycles_to_us(UINT64_MAX, 1, &out.us));
    EXPECT(MAESTRINO_OVERFLOW, maestrino_cycles_to_us(UINT64_MAX, 999999, &out.us));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_cycles_to_us(1, 1, NULL));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_cycles_to_us(1, 1, OFF(&out.us)));
    EXPECT(MAESTRINO_OK, maestrino_cycles_to_us(UINT64_MAX, 1000000, &out.us));
    HOLDS(out.us == UINT64_MAX);
    EXPECT(MAESTRINO_OK, maestrino_cycles_to_us(UINT64_MAX, UINT32_MAX, &out.us));
    HOLDS(out.us == UINT64_C(4294967297000000));
    EXPECT(MAESTRINO_OK, maestrino_cycles_to_us(1, UINT32_MAX, &out.us));
    HOLDS(out.us == 1);
    EXPECT(MAESTRINO_OK, maestrino_cycles_to_us(0, 1, &out.us));
    HOLDS(out.us == 0);
    EXPECT(MAESTRINO_OK, maestrino_cycles_to_us(200000001, 200000000, &out.us));
    HOLDS(out.us == 1000001);
}

/* `length` bytes right before a page that nobody may touch. */
static uint8_t *fence;

static uint8_t *fenced(const uint8_t *bytes, size_t length) {
    uint8_t *start = fence - length;
    memcpy(start, bytes, length);
    return start;
}

static void raise_fence(void) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t room = (MAX_BLOB + page - 1) / page * page;
    uint8_t *memory = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory + room, page, PROT_NONE) != 0) {
        perror("mmap");
        exit(2);
    }
    fence = memory + room;
}

static uint32_t crc32(const uint8_t *bytes, size_t length) {
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xEDB88320) : 0);
        }
    }
    return ~crc;
}

/* Makes length and CRC right again. */
static void seal(uint8_t *blob, size_t length) {
    const uint32_t payload = (uint32_t)(length - 16), crc = crc32(blob + 16, length - 16);
    for (int i = 0; i < 4; i++) {
        blob[8 + i] = (uint8_t)(payload >> 8 * i);
        blob[12 + i] = (uint8_t)(crc >> 8 * i);
    }
}

static int32_t count_layers(void *user, uint32_t index, const maestrino_network_layer *layer,
                            const maestrino_cost *cost) {
    int *seen_layers = user;
    HOLDS((uint32_t)*seen_layers == index && layer && cost && cost->cycles > 0);
    ++*seen_layers;
    return 0;
}

struct stop {
    uint32_t at;
    int32_t answer;
    int calls;
};

static int32_t stop_at(void *user, uint32_t index, const maestrino_network_layer *layer, const maestrino_cost *cost) {
    struct stop *stop = user;
    (void)layer;
    (void)cost;
    stop->calls++;
    return index == stop->at ? stop->answer : 0;
}

static int within(const void *pointer, size_t length, const maestrino_network *network) {
    const uint8_t *start = pointer;
    return start >= network->data && length <= network->length && start + length <= network->data + network->length;
}

/* Everything there is to do with a network whose bytes may be wrong: any status, but no access outside of them. */
static void rummage(const maestrino_network *network, const maestrino_hardware *hardware) {
    maestrino_cursor cursor = {0, 0};
    maestrino_network_layer layer;
    maestrino_dataflow dataflow;
    maestrino_total total;
    uint32_t index;
    for (int steps = 0;; steps++) {
        const maestrino_cursor before = cursor;
        const maestrino_status status = maestrino_network_next(network, &cursor, &layer);
        note(status);
        if (status != MAESTRINO_OK) {
            HOLDS(memcmp(&before, &cursor, sizeof cursor) == 0);
            break;
        }
        HOLDS(within(layer.name, layer.name_length, network) && cursor.index == before.index + 1 && steps < 65536);
        note(maestrino_network_dataflow(network, layer.dataflow, &dataflow));
    }
    note(maestrino_estimate_network(network, hardware, NULL, NULL, NULL, &total, NULL));
    note(maestrino_choose_network(network, 1, hardware, 1, 0, &index, &total, NULL));
}

static void networks(const uint8_t *blob, size_t length) {
    const maestrino_hardware hardware = array(256), tiny = array(1);
    const maestrino_energies energies = {1, 1, 1};
    maestrino_network good;
    maestrino_cursor cursor = {0, 0};
    const uint8_t *data = fenced(blob, length);

    EXPECT(MAESTRINO_OK, maestrino_network_open(data, length, &out.network, &fault));
    good = out.network;
    HOLDS(good.data == data && good.length == length && within(good.name, good.name_length, &good));
    HOLDS(good.layer_count > 1 && good.reserved == 0);
    EXPECT(MAESTRINO_OK, maestrino_network_open(data, length, &out.network, NULL));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_network_open(NULL, length, &out.network, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_network_open(NULL, 0, &out.network, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_network_open(data, length, NULL, &fault));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_network_open(data, length, OFF(&out.network), &fault));
    EXPECT(MAESTRINO_OUT_OF_RANGE, maestrino_network_open(data, SIZE_MAX, &out.network, &fault));
    EXPECT(MAESTRINO_OUT_OF_RANGE, maestrino_network_open(data, (size_t)PTRDIFF_MAX + 1, &out.network, &fault));

    /* Iteration. */
    uint32_t layers_seen = 0;
    for (;;) {
        poison();
        const maestrino_cursor before = cursor;
        const maestrino_status status = maestrino_network_next(&good, &cursor, &out.network_layer);
        if (status != MAESTRINO_OK) {
            HOLDS(status == MAESTRINO_END && poisoned(&out, sizeof out) &&
                  memcmp(&before, &cursor, sizeof cursor) == 0);
            break;
        }
        layers_seen++;
        HOLDS(within(out.network_layer.name, out.network_layer.name_length, &good));
        EXPECT(MAESTRINO_OK, maestrino_network_dataflow(&good, 0, &out.dataflow));
    }
    HOLDS(layers_seen == good.layer_count);
    EXPECT(MAESTRINO_END, maestrino_network_next(&good, &cursor, &out.network_layer));
    cursor.index = cursor.offset = 0;
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_network_next(NULL, &cursor, &out.network_layer));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_network_next(&good, NULL, &out.network_layer));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_network_next(&good, &cursor, NULL));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_network_next(OFF(&good), &cursor, &out.network_layer));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_network_next(&good, OFF(&cursor), &out.network_layer));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_network_next(&good, &cursor, OFF(&out.network_layer)));
    HOLDS(cursor.index == 0 && cursor.offset == 0);

    /* Wild cursors. */
    const uint32_t indices[] = {0,     1,     2,         good.layer_count - 1, good.layer_count, good.layer_count + 1,
                                65535, 65536, UINT32_MAX};
    for (size_t i = 0; i < sizeof indices / sizeof *indices; i++) {
        for (uint32_t at = 0; at < length + 20; at++) {
            maestrino_cursor wild = {indices[i], at < length + 16 ? at : UINT32_MAX >> (at & 3)};
            const maestrino_cursor before = wild;
            poison();
            const maestrino_status status = maestrino_network_next(&good, &wild, &out.network_layer);
            note(status);
            if (status == MAESTRINO_OK) {
                HOLDS(before.index < good.layer_count && wild.index == before.index + 1);
                HOLDS(within(out.network_layer.name, out.network_layer.name_length, &good));
            } else {
                HOLDS(memcmp(&before, &wild, sizeof wild) == 0 && poisoned(&out, sizeof out));
                HOLDS(before.index < good.layer_count || status == MAESTRINO_END);
            }
        }
    }

    /* Dataflows. */
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_network_dataflow(NULL, 0, &out.dataflow));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_network_dataflow(&good, 0, NULL));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_network_dataflow(OFF(&good), 0, &out.dataflow));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_network_dataflow(&good, 0, OFF(&out.dataflow)));
    const uint32_t no_dataflows[] = {8, 255, 256, 65536, UINT32_MAX};
    for (size_t i = 0; i < sizeof no_dataflows / sizeof *no_dataflows; i++) {
        EXPECT(MAESTRINO_END, maestrino_network_dataflow(&good, no_dataflows[i], &out.dataflow));
    }

    /* Estimates, and callbacks that stop. */
    int calls = 0;
    EXPECT(MAESTRINO_OK, maestrino_estimate_network(&good, &hardware, NULL, count_layers, &calls, &out.total, &fault));
    HOLDS((uint32_t)calls == good.layer_count && out.total.layers == good.layer_count);
    const maestrino_total total = out.total;
    EXPECT(MAESTRINO_OK, maestrino_estimate_network(&good, &hardware, NULL, NULL, NULL, &out.total, NULL));
    HOLDS(memcmp(&total, &out.total, sizeof total) == 0);
    EXPECT(MAESTRINO_OK, maestrino_estimate_network(&good, &hardware, &energies, NULL, NULL, &out.total, &fault));
    HOLDS(out.total.cycles == total.cycles && out.total.mac_nj == (double)total.operations);
    static const int32_t ANSWERS[] = {1, -1, INT32_MIN, INT32_MAX, MAESTRINO_OVERFLOW};
    for (uint32_t at = 0; at < good.layer_count; at++) {
        struct stop stop = {at, ANSWERS[at % 5], 0};
        EXPECT(MAESTRINO_STOPPED,
               maestrino_estimate_network(&good, &hardware, NULL, stop_at, &stop, &out.total, &fault));
        HOLDS(fault.layer == at && stop.calls == (int)at + 1);
    }
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_estimate_network(NULL, &hardware, NULL, NULL, NULL, &out.total, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_estimate_network(&good, NULL, NULL, NULL, NULL, &out.total, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_estimate_network(&good, &hardware, NULL, NULL, NULL, NULL, &fault));
    EXPECT(MAESTRINO_MISALIGNED,
           maestrino_estimate_network(OFF(&good), &hardware, NULL, NULL, NULL, &out.total, &fault));
    EXPECT(MAESTRINO_MISALIGNED,
           maestrino_estimate_network(&good, OFF(&hardware), NULL, NULL, NULL, &out.total, &fault));
    EXPECT(MAESTRINO_MISALIGNED,
           maestrino_estimate_network(&good, &hardware, OFF(&energies), NULL, NULL, &out.total, &fault));
    EXPECT(MAESTRINO_MISALIGNED,
           maestrino_estimate_network(&good, &hardware, NULL, NULL, NULL, OFF(&out.total), &fault));
    EXPECT(MAESTRINO_CLUSTER_EXCEEDS_ARRAY,
           maestrino_estimate_network(&good, &tiny, NULL, NULL, NULL, &out.total, &fault));
    HOLDS(fault.layer == 0 && fault.limit == 1 && fault.value > 1);

    /* Choices. */
    const maestrino_network three[3] = {good, good, good};
    EXPECT(MAESTRINO_END, maestrino_choose_network(NULL, 0, &hardware, 1, 0, &out.index, &out.total, &fault));
    EXPECT(MAESTRINO_END, maestrino_choose_network(three, 0, &hardware, 1, 0, &out.index, &out.total, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_choose_network(NULL, 1, &hardware, 1, 0, &out.index, &out.total, &fault));
    EXPECT(MAESTRINO_NULL_POINTER,
           maestrino_choose_network(NULL, UINT32_MAX, &hardware, 1, 0, &out.index, &out.total, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_choose_network(three, 3, NULL, 1, 0, &out.index, &out.total, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_choose_network(three, 3, &hardware, 1, 0, NULL, &out.total, &fault));
    EXPECT(MAESTRINO_MISALIGNED,
           maestrino_choose_network(OFF(three), 2, &hardware, 1, 0, &out.index, &out.total, &fault));
    EXPECT(MAESTRINO_MISALIGNED,
           maestrino_choose_network(three, 3, OFF(&hardware), 1, 0, &out.index, &out.total, &fault));
    EXPECT(MAESTRINO_MISALIGNED,
           maestrino_choose_network(three, 3, &hardware, 1, 0, OFF(&out.index), &out.total, &fault));
    EXPECT(MAESTRINO_OUT_OF_RANGE, maestrino_choose_network(three, 3, &hardware, 0, 0, &out.index, &out.total, &fault));
    EXPECT(MAESTRINO_CLUSTER_EXCEEDS_ARRAY,
           maestrino_choose_network(three, 3, &tiny, 1, 0, &out.index, &out.total, &fault));
    EXPECT(MAESTRINO_OK,
           maestrino_choose_network(three, 3, &hardware, 1000000, total.cycles, &out.index, &out.total, &fault));
    HOLDS(out.index == 0 && memcmp(&total, &out.total, sizeof total) == 0);
    EXPECT(MAESTRINO_DEADLINE_MISSED,
           maestrino_choose_network(three, 3, &hardware, 1000000, total.cycles - 1, &out.index, &out.total, &fault));
    HOLDS(out.index == 0 && memcmp(&total, &out.total, sizeof total) == 0);
    EXPECT(MAESTRINO_DEADLINE_MISSED,
           maestrino_choose_network(three, 3, &hardware, UINT32_MAX, 0, &out.index, &out.total, NULL));
    maestrino_network broken[2] = {good, good};
    memset(&broken[1], 0, sizeof broken[1]);
    EXPECT(MAESTRINO_NULL_POINTER,
           maestrino_choose_network(broken, 2, &hardware, 1000000, 0, &out.index, &out.total, &fault));

    /* Networks that nobody opened. */
    maestrino_network zero = {0};
    cursor.index = cursor.offset = 0;
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_network_next(&zero, &cursor, &out.network_layer));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_network_dataflow(&zero, 0, &out.dataflow));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_estimate_network(&zero, &hardware, NULL, NULL, NULL, &out.total, &fault));
    zero = good;
    zero.length = SIZE_MAX;
    EXPECT(MAESTRINO_OUT_OF_RANGE, maestrino_network_next(&zero, &cursor, &out.network_layer));
    EXPECT(MAESTRINO_OUT_OF_RANGE, maestrino_network_dataflow(&zero, 0, &out.dataflow));
    zero.length = 15;
    EXPECT(MAESTRINO_BLOB_TRUNCATED, maestrino_network_next(&zero, &cursor, &out.network_layer));
}

/* Opens a blob that may be wrong although its CRC is right, and uses what comes of it. */
static maestrino_status open_any(const uint8_t *data, size_t length, const maestrino_hardware *hardware) {
    poison();
    const maestrino_status status = maestrino_network_open(data, length, &out.network, &fault);
    note(status);
    HOLDS(fault.status == status);
    if (status == MAESTRINO_OK) {
        rummage(&out.network, hardware);
    } else {
        HOLDS(poisoned(&out, sizeof out));
    }
    return status;
}

static void damaged_blobs(const uint8_t *blob, size_t length) {
    const maestrino_hardware hardware = array(256);
    uint8_t copy[MAX_BLOB];
    maestrino_network network = {0};

    /* Cut off anywhere: as it is, sealed anew, and behind the back of the one who opened it. */
    for (size_t cut = 0; cut < length; cut++) {
        const uint8_t *data = fenced(blob, cut);
        EXPECT(MAESTRINO_BLOB_TRUNCATED, maestrino_network_open(data, cut, &out.network, &fault));
        network.data = data;
        network.length = cut;
        rummage(&network, &hardware);
        if (cut > 16) {
            memcpy(copy, blob, cut);
            seal(copy, cut);
            data = fenced(copy, cut);
            EXPECT(MAESTRINO_BLOB_MALFORMED, maestrino_network_open(data, cut, &out.network, &fault));
        }
    }
    /* Every byte changed in every bit. */
    for (size_t at = 0; at < length; at++) {
        for (int bit = 0; bit < 9; bit++) {
            memcpy(copy, blob, length);
            copy[at] ^= bit < 8 ? (uint8_t)(1 << bit) : 0xFF;
            uint8_t *data = fenced(copy, length);
            if (at < 4) {
                EXPECT(MAESTRINO_BLOB_MAGIC, maestrino_network_open(data, length, &out.network, &fault));
            } else if (at < 6) {
                EXPECT(MAESTRINO_BLOB_VERSION, maestrino_network_open(data, length, &out.network, &fault));
                HOLDS(fault.value == (uint32_t)(copy[4] | copy[5] << 8) && fault.limit == 1);
            } else if (at < 8) {
                EXPECT(MAESTRINO_BLOB_MALFORMED, maestrino_network_open(data, length, &out.network, &fault));
            } else if (at < 12) {
                poison();
                const maestrino_status status = maestrino_network_open(data, length, &out.network, &fault);
                HOLDS(status == MAESTRINO_BLOB_TRUNCATED || status == MAESTRINO_BLOB_CORRUPT);
                HOLDS(fault.status == status && poisoned(&out, sizeof out));
            } else {
                EXPECT(MAESTRINO_BLOB_CORRUPT, maestrino_network_open(data, length, &out.network, &fault));
            }
            network.data = data;
            network.length = length;
            rummage(&network, &hardware);
            if (at >= 16) {
                seal(data, length);
                open_any(data, length, &hardware);
            }
        }
    }
}

static uint64_t state = 0x9E3779B97F4A7C15;

static uint32_t any(uint32_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32) % below;
}

static maestrino_size any_size(void) {
    maestrino_size size = {(int32_t)any(5), any(3) ? -1 : (int32_t)any(MAESTRINO_DIMS)};
    if (any(40) == 0) {
        size.base = (int32_t)(any(UINT32_MAX) - INT32_MAX);
    }
    return size;
}

/* Several bytes changed, left out or put in, the CRC made right again: no access outside, no cost of an invalid blob. */
static void mutated_blobs(const uint8_t *blob, size_t length, int rounds) {
    const maestrino_hardware hardware = array(256);
    uint8_t copy[MAX_BLOB + 8];
    for (int round = 0; round < rounds; round++) {
        size_t mutated = length;
        memcpy(copy, blob, length);
        for (uint32_t change = 0; change <= any(8); change++) {
            const size_t at = 16 + any((uint32_t)mutated - 16);
            switch (any(3)) {
            case 0: copy[at] = (uint8_t)any(256); break;
            case 1:
                memmove(copy + at, copy + at + 1, mutated - at - 1);
                mutated--;
                break;
            default:
                memmove(copy + at + 1, copy + at, mutated - at);
                copy[at] = any(2) ? 0xFF : (uint8_t)any(256);
                mutated++;
            }
        }
        seal(copy, mutated);
        const uint8_t *data = fenced(copy, mutated);
        maestrino_network network = {0};
        if (open_any(data, mutated, &hardware) != MAESTRINO_OK) {
            /* Not opened, but used all the same. */
            network.data = data;
            network.length = mutated;
            rummage(&network, &hardware);
        }
    }
}

/* Whatever the numbers: a status, and a cost only if it is MAESTRINO_OK. */
static void nonsense(int rounds) {
    for (int round = 0; round < rounds; round++) {
        maestrino_layer layer = {(int32_t)any(8), 1 + any(3), 1 + any(3), {0}};
        maestrino_dataflow dataflow = {0};
        maestrino_hardware hardware = array(1 + any(300));
        hardware.noc_bandwidth = 1 + any(100);
        hardware.offchip_bandwidth = 1 + any(100);
        for (int dim = 0; dim < MAESTRINO_DIMS; dim++) {
            layer.sizes[dim] =
                any(30) == 0 ? any(1u << 25) : 1 + any(dim == MAESTRINO_R || dim == MAESTRINO_S ? 5 : 40);
        }
        layer.sizes[MAESTRINO_OUT_X] = layer.sizes[MAESTRINO_OUT_Y] = 0;
        if (layer.kind != MAESTRINO_NGCONV) {
            layer.sizes[MAESTRINO_G] = 0;
        }
        if (layer.kind == MAESTRINO_GEMM) {
            layer.sizes[MAESTRINO_C] = layer.sizes[MAESTRINO_R] = layer.sizes[MAESTRINO_S] = 0;
            layer.sizes[MAESTRINO_X] = layer.sizes[MAESTRINO_Y] = 0;
        } else {
            layer.sizes[MAESTRINO_M] = 0;
        }
        if (layer.kind == MAESTRINO_POOL || layer.kind == MAESTRINO_ELTWISE) {
            layer.sizes[MAESTRINO_K] = 0;
        }
        if (layer.kind == MAESTRINO_ELTWISE) {
            layer.sizes[MAESTRINO_R] = layer.sizes[MAESTRINO_S] = 1;
        }
        if (any(2)) {
            maestrino_dataflow_preset((int32_t)any(13), &layer, NULL, any(2) * hardware.pes, &dataflow, NULL);
            for (uint32_t i = 0; i < any(4) && dataflow.count; i++) {
                dataflow.directives[any(dataflow.count)].size = any_size();
            }
        } else {
            for (uint32_t count = 1 + any(8); dataflow.count < count; dataflow.count++) {
                maestrino_directive *line = &dataflow.directives[dataflow.count];
                line->kind = (int32_t)(any(5) == 0 ? 2 : any(3) == 0);
                line->dim = (int32_t)any(MAESTRINO_DIMS);
                line->size = any_size();
                line->offset = any(2) ? line->size : any_size();
            }
        }
        poison();
        const maestrino_status status = maestrino_estimate_layer(&layer, &dataflow, &hardware, NULL, &out.cost, &fault);
        note(status);
        HOLDS(fault.status == status);
        if (status != MAESTRINO_OK) {
            HOLDS(code(status) != NULL && poisoned(&out, sizeof out));
        } else {
            HOLDS(out.cost.cycles > 0 && isfinite(out.cost.mac_nj + out.cost.l1_nj + out.cost.l2_nj));
            const maestrino_cost first = out.cost;
            EXPECT(MAESTRINO_OK, maestrino_estimate_layer(&layer, &dataflow, &hardware, NULL, &out.cost, &fault));
            HOLDS(memcmp(&first, &out.cost, sizeof first) == 0);
            EXPECT(MAESTRINO_OK, maestrino_dataflow_check(&layer, &dataflow, hardware.pes, &fault));
        }
    }
}

struct task {
    const uint8_t *blob;
    size_t length;
    uint32_t pes;
    maestrino_total total;
    int wrong;
};

static void *work(void *argument) {
    struct task *task = argument;
    for (int round = 0; round < 200; round++) {
        maestrino_network network;
        maestrino_hardware hardware;
        maestrino_total total;
        memset(&total, 0, sizeof total);
        task->wrong += maestrino_network_open(task->blob, task->length, &network, NULL) != MAESTRINO_OK;
        task->wrong += maestrino_hardware_init(task->pes, &hardware) != MAESTRINO_OK;
        task->wrong += maestrino_estimate_network(&network, &hardware, NULL, NULL, NULL, &total, NULL) != MAESTRINO_OK;
        task->wrong += round > 0 && memcmp(&total, &task->total, sizeof total) != 0;
        task->total = total;
    }
    return NULL;
}

static void threads(const uint8_t *blob, size_t length) {
    struct task tasks[4] = {{blob, length, 256, {0}, 0},
                            {blob, length, 256, {0}, 0},
                            {blob, length, 64, {0}, 0},
                            {blob, length, 64, {0}, 0}};
    pthread_t running[4];
    for (int i = 0; i < 4; i++) {
        HOLDS(pthread_create(&running[i], NULL, work, &tasks[i]) == 0);
    }
    for (int i = 0; i < 4; i++) {
        HOLDS(pthread_join(running[i], NULL) == 0 && tasks[i].wrong == 0);
    }
    HOLDS(memcmp(&tasks[0].total, &tasks[1].total, sizeof tasks[0].total) == 0);
    HOLDS(memcmp(&tasks[2].total, &tasks[3].total, sizeof tasks[2].total) == 0);
    HOLDS(tasks[0].total.cycles < tasks[2].total.cycles);
}

/* Bad out-parameters, faults included, are noticed before anything is written or called. */
static void out_parameters(const uint8_t *blob, size_t length) {
    const maestrino_layer layer = conv();
    const maestrino_dataflow dataflow = spread(MAESTRINO_K);
    const maestrino_hardware hardware = array(256);
    maestrino_network network;
    HOLDS(maestrino_network_open(blob, length, &network, NULL) == MAESTRINO_OK);
    EXPECT(MAESTRINO_MISALIGNED, maestrino_layer_macs(&layer, &out.macs, OFF(&fault)));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_dataflow_preset(MAESTRINO_RS, &layer, NULL, 0, &out.dataflow, OFF(&fault)));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_estimate_layer(&layer, &dataflow, &hardware, NULL, &out.cost, OFF(&fault)));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_network_open(blob, length, &out.network, OFF(&fault)));
    EXPECT(MAESTRINO_MISALIGNED,
           maestrino_estimate_network(&network, &hardware, NULL, NULL, NULL, &out.total, OFF(&fault)));
    EXPECT(MAESTRINO_MISALIGNED,
           maestrino_choose_network(&network, 1, &hardware, 1, UINT64_MAX, &out.index, &out.total, OFF(&fault)));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_choose_network(&network, 1, &hardware, 1, 0, &out.index, NULL, &fault));
    EXPECT(MAESTRINO_MISALIGNED,
           maestrino_choose_network(&network, 1, &hardware, 1, 0, &out.index, OFF(&out.total), &fault));
    int calls = 0;
    EXPECT(MAESTRINO_NULL_POINTER,
           maestrino_estimate_network(&network, &hardware, NULL, count_layers, &calls, NULL, &fault));
    HOLDS(calls == 0);
}

int main(int argc, char **argv) {
    static uint8_t blob[MAX_BLOB];
    FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
    if (!file) {
        fprintf(stderr, "usage: %s BLOB ROUNDS|out-parameters\n", argv[0]);
        return 2;
    }
    const size_t length = fread(blob, 1, sizeof blob, file);
    fclose(file);
    if (length == sizeof blob) {
        fprintf(stderr, "%s: too large\n", argv[1]);
        return 2;
    }
    raise_fence();
    if (strcmp(argv[2], "out-parameters") == 0) {
        out_parameters(blob, length);
    } else {
        constants();
        layers();
        accelerators();
        dataflows();
        estimates();
        networks(blob, length);
        damaged_blobs(blob, length);
        mutated_blobs(blob, length, atoi(argv[2]) / 2);
        nonsense(atoi(argv[2]));
        threads(blob, length);
        for (int status = 0; status < CODES; status++) {
            /* No dataflow can be handed over that is too long for its array. */
            if (code((enum maestrino_status)status) && !seen[status] && status != MAESTRINO_TOO_MANY_DIRECTIVES) {
                fail(__LINE__, code((enum maestrino_status)status), "never seen", status);
            }
        }
    }
    printf("%d checks, %d failures\n", checks, failures);
    return failures ? 1 : 0;
}
