/*
 * Makes every mistake that a caller can make, and checks the outcome: the right status, untouched out-parameters, and
 * no access outside of the given memory. tests/c_programs.rs runs it with sanitizers.
 *
 *   abuse BLOB ROUNDS [COARSE]
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

enum { MAX_BLOB = 16384, HEADER = 16, SECTION = 5, POISON = 0xA5, CODES = 256 };

static int failures;
static int checks;
static unsigned char seen[CODES];

/* All out-parameters, so that a single comparison shows whether any of them was touched. */
static struct outs {
    maestrino_layer layer;
    uint64_t macs;
    maestrino_hardware hardware;
    maestrino_energies energies;
    maestrino_dataflow dataflow;
    maestrino_cost cost;
    maestrino_maestro_cost maestro_cost;
    maestrino_network network;
    maestrino_network_layer network_layer;
    maestrino_total total;
    uint32_t index;
    uint64_t us;
} out, untouched;
static maestrino_fault fault, untouched_fault;

#define TELL_SIZE(object, type) ((object).struct_size = MAESTRINO_SIZE_OF_STRUCT(type))

static void fail(int line, const char *what, const char *why, long long number) {
    if (++failures <= 50) {
        fprintf(stderr, "abuse.c:%d: %s: %s %lld\n", line, what, why, number);
    }
}

/* Fills everything with poison, except the sizes of structs. */
static void mix_poison(void) {
    memset(&untouched, POISON, sizeof untouched);
    memset(&untouched_fault, POISON, sizeof untouched_fault);
    TELL_SIZE(untouched.layer, maestrino_layer);
    TELL_SIZE(untouched.hardware, maestrino_hardware);
    TELL_SIZE(untouched.energies, maestrino_energies);
    TELL_SIZE(untouched.dataflow, maestrino_dataflow);
    TELL_SIZE(untouched.cost, maestrino_cost);
    TELL_SIZE(untouched.maestro_cost, maestrino_maestro_cost);
    TELL_SIZE(untouched.network, maestrino_network);
    TELL_SIZE(untouched.network_layer, maestrino_network_layer);
    TELL_SIZE(untouched.total, maestrino_total);
    TELL_SIZE(untouched_fault, maestrino_fault);
}

static void poison(void) {
    memcpy(&out, &untouched, sizeof out);
    memcpy(&fault, &untouched_fault, sizeof fault);
}

static int out_untouched(void) {
    return memcmp(&out, &untouched, sizeof out) == 0;
}

static void note(maestrino_status status) {
    if (status >= 0 && (int)status < CODES) {
        seen[status] = 1;
    }
}

/* Checks what a call leaves behind. The text of the call shows whether it was given the fault. */
static void judge(int line, const char *call, maestrino_status status, maestrino_status expected) {
    checks++;
    note(status);
    if (status != expected) {
        fail(line, call, maestrino_status_text(status), status);
    }
    if (!strstr(call, "&fault") || strstr(call, "OFF(&fault)")) {
        if (memcmp(&fault, &untouched_fault, sizeof fault) != 0) {
            fail(line, call, "a fault that was not given is written", 0);
        }
    } else if (fault.status != status) {
        fail(line, call, "the fault tells another status", fault.status);
    } else if (status == MAESTRINO_OK &&
               (fault.dim != -1 || fault.level || fault.layer != UINT32_MAX || fault.value || fault.limit)) {
        fail(line, call, "a fault without a failure", 0);
    }
    if (expected != MAESTRINO_OK && expected != MAESTRINO_DEADLINE_MISSED && expected != MAESTRINO_DOES_NOT_FIT &&
        !out_untouched()) {
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
/* A pointer that is misaligned by one byte. */
#define OFF(pointer) ((void *)((char *)(pointer) + 1))

static const maestrino_size NONE = {0, -1};
static const maestrino_size ONE = {1, -1};

static maestrino_layer conv(void) {
    maestrino_layer layer = MAESTRINO_INIT(maestrino_layer);
    layer.kind = MAESTRINO_CONV;
    layer.stride_y = layer.stride_x = 1;
    layer.sizes[MAESTRINO_K] = 8;
    layer.sizes[MAESTRINO_C] = 4;
    layer.sizes[MAESTRINO_R] = layer.sizes[MAESTRINO_S] = 3;
    layer.sizes[MAESTRINO_Y] = layer.sizes[MAESTRINO_X] = 16;
    return layer;
}

static maestrino_dataflow spread(int32_t dim) {
    maestrino_dataflow dataflow = MAESTRINO_INIT(maestrino_dataflow);
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
    maestrino_hardware hardware = MAESTRINO_INIT(maestrino_hardware);
    HOLDS(maestrino_hardware_init(pes, &hardware) == MAESTRINO_OK);
    return hardware;
}

/* An energy of 1 nJ for everything. */
static maestrino_energies unit_energies(void) {
    maestrino_energies energies = MAESTRINO_INIT(maestrino_energies);
    energies.mac = energies.l1 = energies.cluster = energies.l2 = energies.offchip = 1;
    return energies;
}

static double nanojoules(const maestrino_cost *cost) {
    return cost->mac_nj + cost->l1_nj + cost->cluster_nj + cost->l2_nj + cost->offchip_nj;
}

/* If a status is missing here, the compiler warns. */
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
        CODE(MAESTRINO_BAD_STRUCT_SIZE);
        CODE(MAESTRINO_OTHER_ACCELERATOR);
        CODE(MAESTRINO_DOES_NOT_FIT);
        CODE(MAESTRINO_NO_CHOICE);
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
        CODE(MAESTRINO_BAD_BITS);
        CODE(MAESTRINO_BAD_COMPRESSION);
        CODE(MAESTRINO_BAD_SETTING);
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
        CODE(MAESTRINO_REPEATED_MAP);
        CODE(MAESTRINO_SPLIT_TOGETHER);
        CODE(MAESTRINO_NO_NEW_DATA);
        CODE(MAESTRINO_NO_OUTPUT);
        CODE(MAESTRINO_ILL_FORMED);
        CODE(MAESTRINO_OVERFLOW);
        CODE(MAESTRINO_GAPS);
        CODE(MAESTRINO_TOO_IRREGULAR);
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
    HOLDS(maestrino_struct_size(MAESTRINO_STRUCT_MAESTRO_COST) == sizeof(maestrino_maestro_cost));
    HOLDS(maestrino_struct_size(-1) == 0 && maestrino_struct_size(MAESTRINO_STRUCT_MAESTRO_COST + 1) == 0);
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
        const maestrino_layer empty = out.layer;
        HOLDS(empty.kind == kind && empty.stride_y == 1 && empty.stride_x == 1 && empty.one_in_y == 1 &&
              empty.one_in_x == 1 && empty.phase_y == 0 && empty.phase_x == 0);
        for (int32_t dim = 0; dim < MAESTRINO_DIMS; dim++) {
            HOLDS(empty.sizes[dim] == 0);
        }
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
    static const uint32_t INSERTED[][2] = {{2, 2}, {1, 1}, {0, 1}, {1 << 25, 0}, {UINT32_MAX, 0}, {2, UINT32_MAX}};
    for (size_t i = 0; i < sizeof INSERTED / sizeof *INSERTED; i++) {
        bad = good;
        bad.one_in_y = INSERTED[i][0];
        bad.phase_y = INSERTED[i][1];
        EXPECT(MAESTRINO_BAD_STRIDE, maestrino_layer_macs(&bad, &out.macs, &fault));
        HOLDS(fault.dim == MAESTRINO_Y);
        bad = good;
        bad.one_in_x = INSERTED[i][0];
        bad.phase_x = INSERTED[i][1];
        EXPECT(MAESTRINO_BAD_STRIDE, maestrino_layer_macs(&bad, &out.macs, &fault));
        HOLDS(fault.dim == MAESTRINO_X);
    }
    bad = good;
    bad.stride_y = bad.one_in_y = 2;
    EXPECT(MAESTRINO_BAD_STRIDE, maestrino_layer_macs(&bad, &out.macs, &fault));
    bad = good;
    bad.sizes[MAESTRINO_R] = 17;
    EXPECT(MAESTRINO_FILTER_EXCEEDS_INPUT, maestrino_layer_macs(&bad, &out.macs, &fault));
    HOLDS(fault.dim == MAESTRINO_Y && fault.value == 17 && fault.limit == 16);
    bad = good;
    bad.sizes[MAESTRINO_K] = bad.sizes[MAESTRINO_C] = bad.sizes[MAESTRINO_Y] = bad.sizes[MAESTRINO_X] = 1 << 24;
    EXPECT(MAESTRINO_OVERFLOW, maestrino_layer_macs(&bad, &out.macs, &fault));
    memset(&bad, 0xFF, sizeof bad);
    EXPECT(MAESTRINO_BAD_STRUCT_SIZE, maestrino_layer_macs(&bad, &out.macs, &fault));
    HOLDS(fault.value == UINT32_MAX && fault.limit == MAESTRINO_SIZE_OF_STRUCT(maestrino_layer));
    TELL_SIZE(bad, maestrino_layer);
    EXPECT(MAESTRINO_UNKNOWN_NUMBER, maestrino_layer_macs(&bad, &out.macs, &fault));
}

static void accelerators(void) {
    EXPECT(MAESTRINO_BAD_PES, maestrino_hardware_init(0, &out.hardware));
    EXPECT(MAESTRINO_BAD_PES, maestrino_hardware_init(UINT32_MAX, &out.hardware));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_hardware_init(16, NULL));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_hardware_init(16, OFF(&out.hardware)));
    EXPECT(MAESTRINO_OK, maestrino_hardware_init(16, &out.hardware));
    HOLDS(out.hardware.pes == 16 && out.hardware.simd_lanes == 1 && out.hardware.clock_hz == 200000000);
    HOLDS(out.hardware.l2_bytes == MAESTRINO_UNLIMITED && out.hardware.noc[3].latency == 1);

    EXPECT(MAESTRINO_NULL_POINTER, maestrino_energies_init(NULL));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_energies_init(OFF(&out.energies)));
    EXPECT(MAESTRINO_OK, maestrino_energies_init(&out.energies));
    HOLDS(out.energies.mac > 0 && out.energies.offchip > out.energies.l2 && out.energies.reserved == 0);

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
        {offsetof(maestrino_hardware, noc[0].bandwidth), 0, MAESTRINO_BAD_NOC_BANDWIDTH},
        {offsetof(maestrino_hardware, noc[3].bandwidth), UINT32_MAX, MAESTRINO_BAD_NOC_BANDWIDTH},
        {offsetof(maestrino_hardware, noc[0].latency), UINT32_MAX, MAESTRINO_BAD_NOC_LATENCY},
        {offsetof(maestrino_hardware, noc[3].latency), UINT32_MAX, MAESTRINO_BAD_NOC_LATENCY},
        {offsetof(maestrino_hardware, offchip_bandwidth), 0, MAESTRINO_BAD_OFFCHIP_BANDWIDTH},
        {offsetof(maestrino_hardware, offchip_bandwidth), UINT32_MAX, MAESTRINO_BAD_OFFCHIP_BANDWIDTH},
        {offsetof(maestrino_hardware, weights_bandwidth), UINT32_MAX, MAESTRINO_BAD_OFFCHIP_BANDWIDTH},
        {offsetof(maestrino_hardware, weights_permille), 0, MAESTRINO_BAD_COMPRESSION},
        {offsetof(maestrino_hardware, weights_permille), 1001, MAESTRINO_BAD_COMPRESSION},
        {offsetof(maestrino_hardware, weights_permille), UINT32_MAX, MAESTRINO_BAD_COMPRESSION},
        {offsetof(maestrino_hardware, input_bits), 0, MAESTRINO_BAD_BITS},
        {offsetof(maestrino_hardware, filter_bits), 255, MAESTRINO_BAD_BITS},
        {offsetof(maestrino_hardware, output_bits), 256, MAESTRINO_BAD_BITS},
        {offsetof(maestrino_hardware, psum_bits), UINT32_MAX, MAESTRINO_BAD_BITS},
        {offsetof(maestrino_hardware, activations), MAESTRINO_AUTO + 1, MAESTRINO_BAD_SETTING},
        {offsetof(maestrino_hardware, activations), UINT32_MAX, MAESTRINO_BAD_SETTING},
        {offsetof(maestrino_hardware, l1_buffers), 0, MAESTRINO_BAD_SETTING},
        {offsetof(maestrino_hardware, l1_buffers), 3, MAESTRINO_BAD_SETTING},
        {offsetof(maestrino_hardware, l2_buffers), 0, MAESTRINO_BAD_SETTING},
        {offsetof(maestrino_hardware, l2_buffers), UINT32_MAX, MAESTRINO_BAD_SETTING},
        {offsetof(maestrino_hardware, clock_hz), 0, MAESTRINO_OUT_OF_RANGE},
    };
    const maestrino_layer layer = conv();
    const maestrino_dataflow dataflow = spread(MAESTRINO_K);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        maestrino_hardware bad = good;
        memcpy((char *)&bad + BAD[i].field, &BAD[i].value, sizeof BAD[i].value);
        EXPECT(BAD[i].status, maestrino_hardware_check(&bad, &fault));
        HOLDS(fault.value == BAD[i].value || (BAD[i].value > UINT8_MAX && fault.value >= UINT8_MAX));
        EXPECT(BAD[i].status, maestrino_estimate_layer(&layer, &dataflow, &bad, NULL, &out.cost, &fault));
        EXPECT(BAD[i].status,
               maestrino_maestro_estimate_layer(&layer, &dataflow, &bad, NULL, &out.maestro_cost, &fault));
    }
}

static void dataflows(void) {
    const maestrino_layer layer = conv();
    const maestrino_dataflow good = spread(MAESTRINO_K);
    const maestrino_hardware hardware = array(16);
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
    EXPECT(MAESTRINO_REPEATED_MAP, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    HOLDS(fault.level == 1);
    EXPECT(MAESTRINO_MAP_OF_INPUT_AND_OUTPUT,
           maestrino_maestro_estimate_layer(&layer, &bad, &hardware, NULL, &out.maestro_cost, &fault));
    bad = good;
    append(&bad, MAESTRINO_TEMPORAL_MAP, 1, 1, MAESTRINO_R);
    EXPECT(MAESTRINO_SPLIT_FILTER,
           maestrino_maestro_estimate_layer(&layer, &bad, &hardware, NULL, &out.maestro_cost, &fault));
    HOLDS(fault.dim == MAESTRINO_R && fault.limit == 3);
    bad = good;
    append(&bad, MAESTRINO_TEMPORAL_MAP, 1, 1, MAESTRINO_Y);
    append(&bad, MAESTRINO_TEMPORAL_MAP, 2, 1, MAESTRINO_R);
    EXPECT(MAESTRINO_SPLIT_TOGETHER, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    HOLDS(fault.level == 1);
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
    EXPECT(MAESTRINO_BAD_STRUCT_SIZE, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    TELL_SIZE(bad, maestrino_dataflow);
    EXPECT(MAESTRINO_COUNT_TOO_LARGE, maestrino_dataflow_check(&layer, &bad, 16, &fault));
    bad.count = MAESTRINO_MAX_DIRECTIVES;
    EXPECT(MAESTRINO_UNKNOWN_NUMBER, maestrino_dataflow_check(&layer, &bad, 16, &fault));
}

static void estimates(void) {
    const maestrino_layer layer = conv();
    const maestrino_dataflow dataflow = spread(MAESTRINO_K);
    const maestrino_hardware hardware = array(16);
    const maestrino_energies energies = unit_energies();

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

    EXPECT(MAESTRINO_OK,
           maestrino_maestro_estimate_layer(&layer, &dataflow, &hardware, NULL, &out.maestro_cost, NULL));
    EXPECT(MAESTRINO_OK,
           maestrino_maestro_estimate_layer(&layer, &dataflow, &hardware, &energies, &out.maestro_cost, &fault));
    HOLDS(out.maestro_cost.mac_nj == (double)out.maestro_cost.operations && out.maestro_cost.reserved == 0);

    /* Buffers that are too small are no error. */
    maestrino_hardware small = hardware;
    small.l1_bytes = small.l2_bytes = 0;
    EXPECT(MAESTRINO_OK, maestrino_estimate_layer(&layer, &dataflow, &small, NULL, &out.cost, &fault));
    HOLDS(out.cost.misfits == (MAESTRINO_L1 | MAESTRINO_L2) && out.cost.cycles == MAESTRINO_NO_CYCLES);
    HOLDS(out.cost.serial_cycles == MAESTRINO_NO_CYCLES && out.cost.offchip_bits == 0 && out.cost.l2_bytes > 0);
    HOLDS(out.cost.bound_cycles[MAESTRINO_BOUND_OFFCHIP] == 0 && out.cost.offchip_nj == 0);

    const double bad_energies[] = {-1, -INFINITY, INFINITY, NAN};
    for (size_t i = 0; i < sizeof bad_energies / sizeof *bad_energies; i++) {
        maestrino_energies bad[5] = {energies, energies, energies, energies, energies};
        bad[0].mac = bad[1].l1 = bad[2].l2 = bad[3].cluster = bad[4].offchip = bad_energies[i];
        for (int j = 0; j < 5; j++) {
            EXPECT(MAESTRINO_OUT_OF_RANGE,
                   maestrino_estimate_layer(&layer, &dataflow, &hardware, &bad[j], &out.cost, &fault));
        }
    }
    maestrino_layer large = layer;
    large.sizes[MAESTRINO_K] = large.sizes[MAESTRINO_C] = large.sizes[MAESTRINO_Y] = large.sizes[MAESTRINO_X] = 1 << 24;
    EXPECT(MAESTRINO_OVERFLOW, maestrino_estimate_layer(&large, &dataflow, &hardware, NULL, &out.cost, &fault));
    /* Tiles of channels overlap, also between one round of PEs and the next. */
    maestrino_layer depthwise = layer;
    depthwise.kind = MAESTRINO_DSCONV;
    depthwise.sizes[MAESTRINO_C] = 40;
    maestrino_dataflow overlapping = spread(MAESTRINO_C);
    overlapping.directives[0].size.base = 4;
    append(&overlapping, MAESTRINO_TEMPORAL_MAP, 3, 1, MAESTRINO_Y);
    append(&overlapping, MAESTRINO_TEMPORAL_MAP, 3, 1, MAESTRINO_X);
    const maestrino_hardware twenty = array(20);
    EXPECT(MAESTRINO_TOO_IRREGULAR,
           maestrino_estimate_layer(&depthwise, &overlapping, &twenty, NULL, &out.cost, &fault));
    maestrino_dataflow narrow = dataflow;
    append(&narrow, MAESTRINO_TEMPORAL_MAP, 1, 1, MAESTRINO_Y);
    EXPECT(MAESTRINO_NO_OUTPUT,
           maestrino_maestro_estimate_layer(&layer, &narrow, &hardware, NULL, &out.maestro_cost, &fault));
    EXPECT(MAESTRINO_GAPS, maestrino_estimate_layer(&layer, &narrow, &hardware, NULL, &out.cost, &fault));

    EXPECT(MAESTRINO_OUT_OF_RANGE, maestrino_cycles_to_us(1, 0, &out.us));
    EXPECT(MAESTRINO_OUT_OF_RANGE, maestrino_cycles_to_us(0, 0, &out.us));
    EXPECT(MAESTRINO_OVERFLOW, maestrino_cycles_to_us(UINT64_MAX - 1, 1, &out.us));
    EXPECT(MAESTRINO_OVERFLOW, maestrino_cycles_to_us(UINT64_MAX - 1, 999999, &out.us));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_cycles_to_us(1, 1, NULL));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_cycles_to_us(1, 1, OFF(&out.us)));
    EXPECT(MAESTRINO_OK, maestrino_cycles_to_us(UINT64_MAX - 1, 1000000, &out.us));
    HOLDS(out.us == UINT64_MAX - 1);
    EXPECT(MAESTRINO_DOES_NOT_FIT, maestrino_cycles_to_us(MAESTRINO_NO_CYCLES, 1000000, &out.us));
    EXPECT(MAESTRINO_OK, maestrino_cycles_to_us(UINT64_MAX - 1, UINT32_MAX, &out.us));
    HOLDS(out.us == UINT64_C(4294967297000000));
    EXPECT(MAESTRINO_OK, maestrino_cycles_to_us(1, UINT32_MAX, &out.us));
    HOLDS(out.us == 1);
    EXPECT(MAESTRINO_OK, maestrino_cycles_to_us(0, 1, &out.us));
    HOLDS(out.us == 0);
    EXPECT(MAESTRINO_OK, maestrino_cycles_to_us(200000001, 200000000, &out.us));
    HOLDS(out.us == 1000001);
}

/* Memory that ends just before a page that nobody may access. */
static uint8_t *fence_behind(size_t room) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t pages = (room + page - 1) / page * page;
    uint8_t *memory = mmap(NULL, pages + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory + pages, page, PROT_NONE) != 0) {
        perror("mmap");
        exit(2);
    }
    return memory + pages;
}

static uint8_t *fence;

static uint8_t *fenced(const uint8_t *bytes, size_t length) {
    uint8_t *start = fence - length;
    memcpy(start, bytes, length);
    return start;
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

static uint32_t get_u32(const uint8_t *bytes) {
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void put_u32(uint8_t *bytes, uint32_t value) {
    for (int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(value >> 8 * i);
    }
}

/* Corrects length and CRC. */
static void seal(uint8_t *blob, size_t length) {
    const uint32_t payload = (uint32_t)(length - HEADER);
    put_u32(blob + 8, payload);
    put_u32(blob + 12, crc32(blob + HEADER, payload));
}

/* The position of a section, by its number, including its tag and length. */
static size_t section(const uint8_t *blob, int number) {
    size_t at = HEADER;
    while (number-- > 0) {
        at += SECTION + get_u32(blob + at + 1);
    }
    return at;
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

static int32_t look(void *user, uint32_t index, const maestrino_network_layer *layer, const maestrino_cost *cost) {
    const maestrino_network *network = user;
    HOLDS(index < 65536 && within(layer->name, layer->name_length, network) && cost->misfits < 8);
    HOLDS((cost->cycles == MAESTRINO_NO_CYCLES) == ((cost->misfits & MAESTRINO_L2) != 0));
    HOLDS(layer->struct_size == MAESTRINO_SIZE_OF_STRUCT(maestrino_network_layer) &&
          layer->layer.struct_size == MAESTRINO_SIZE_OF_STRUCT(maestrino_layer) &&
          cost->struct_size == MAESTRINO_SIZE_OF_STRUCT(maestrino_cost));
    return 0;
}

/* Does everything possible with a network whose bytes may be wrong. Any status is fine, but no access outside. */
static void rummage(const maestrino_network *network, const maestrino_hardware *other) {
    maestrino_cursor cursor = {0, 0};
    maestrino_network_layer layer = MAESTRINO_INIT(maestrino_network_layer);
    maestrino_dataflow dataflow = MAESTRINO_INIT(maestrino_dataflow);
    maestrino_hardware own = MAESTRINO_INIT(maestrino_hardware);
    maestrino_energies energies = MAESTRINO_INIT(maestrino_energies);
    maestrino_total total = MAESTRINO_INIT(maestrino_total);
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
    note(maestrino_network_energies(network, &energies));
    note(maestrino_estimate_network(network, other, NULL, NULL, NULL, &total, NULL));
    note(maestrino_choose_network(network, 1, NULL, 0, &index, &total, NULL));
    for (uint32_t layer_number = 0; layer_number <= network->layer_count && layer_number < 16; layer_number++) {
        uint64_t cycles;
        note(maestrino_choose_mapping(network, layer_number, NULL, &index, &cycles, NULL));
        note(maestrino_network_mapping(network, layer_number, 1, &dataflow));
    }
    maestrino_status status = maestrino_network_hardware(network, &own);
    note(status);
    if (status == MAESTRINO_OK) {
        HOLDS(maestrino_hardware_check(&own, NULL) == MAESTRINO_OK && own.clock_hz > 0);
        own.noc[0].latency = own.noc[1].latency = MAESTRINO_UNLIMITED;
        own.l1_bytes = 1;
        status = maestrino_estimate_network(network, &own, &energies, look, (void *)(uintptr_t)network, &total, NULL);
        note(status);
        HOLDS(status != MAESTRINO_OTHER_ACCELERATOR);
    }
}

/* The network of a blob. */
static maestrino_network network_of(const uint8_t *data, size_t length) {
    maestrino_network network = MAESTRINO_INIT(maestrino_network);
    HOLDS(maestrino_network_open(data, length, &network, NULL) == MAESTRINO_OK);
    return network;
}

/* The accelerator of a network. */
static maestrino_hardware hardware_of(const maestrino_network *network) {
    maestrino_hardware hardware = MAESTRINO_INIT(maestrino_hardware);
    HOLDS(maestrino_network_hardware(network, &hardware) == MAESTRINO_OK);
    return hardware;
}

static void networks(const uint8_t *blob, size_t length) {
    maestrino_cursor cursor = {0, 0};
    const uint8_t *data = fenced(blob, length);

    EXPECT(MAESTRINO_OK, maestrino_network_open(data, length, &out.network, &fault));
    const maestrino_network good = out.network;
    HOLDS(good.data == data && good.length == length && within(good.name, good.name_length, &good));
    HOLDS(good.layer_count > 1);
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
            HOLDS(status == MAESTRINO_END && out_untouched() &&
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
                HOLDS(memcmp(&before, &wild, sizeof wild) == 0 && out_untouched());
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

    /* The accelerator. */
    EXPECT(MAESTRINO_OK, maestrino_network_hardware(&good, &out.hardware));
    const maestrino_hardware hardware = out.hardware;
    HOLDS(hardware.clock_hz > 0 && hardware.pes > 1);
    EXPECT(MAESTRINO_OK, maestrino_hardware_check(&hardware, &fault));
    EXPECT(MAESTRINO_OK, maestrino_network_energies(&good, &out.energies));
    const maestrino_energies energies = out.energies;
    HOLDS(energies.mac > 0 && energies.reserved == 0);

    /* Estimates, and callbacks that stop. */
    int calls = 0;
    EXPECT(MAESTRINO_OK, maestrino_estimate_network(&good, NULL, NULL, count_layers, &calls, &out.total, &fault));
    HOLDS((uint32_t)calls == good.layer_count && out.total.layers == good.layer_count && out.total.misfits == 0);
    const maestrino_total total = out.total;
    EXPECT(MAESTRINO_OK, maestrino_estimate_network(&good, NULL, NULL, NULL, NULL, &out.total, NULL));
    HOLDS(memcmp(&total, &out.total, sizeof total) == 0);
    EXPECT(MAESTRINO_OK, maestrino_estimate_network(&good, &hardware, &energies, NULL, NULL, &out.total, &fault));
    HOLDS(memcmp(&total, &out.total, sizeof total) == 0);
    const maestrino_energies units = unit_energies();
    EXPECT(MAESTRINO_OK, maestrino_estimate_network(&good, NULL, &units, NULL, NULL, &out.total, &fault));
    HOLDS(out.total.cycles == total.cycles && out.total.mac_nj == (double)total.operations);
    maestrino_energies no_number = units;
    no_number.cluster = NAN;
    EXPECT(MAESTRINO_OUT_OF_RANGE,
           maestrino_estimate_network(&good, NULL, &no_number, NULL, NULL, &out.total, &fault));
    static const int32_t ANSWERS[] = {1, -1, INT32_MIN, INT32_MAX, MAESTRINO_OVERFLOW};
    for (uint32_t at = 0; at < good.layer_count; at++) {
        struct stop stop = {at, ANSWERS[at % 5], 0};
        EXPECT(MAESTRINO_STOPPED, maestrino_estimate_network(&good, NULL, NULL, stop_at, &stop, &out.total, &fault));
        HOLDS(fault.layer == at && stop.calls == (int)at + 1);
    }

    /* Figures that differ from the blob's. Those that change its counts are refused; the others change nothing else. */
    static const struct {
        size_t field;
        uint32_t value;
        int counts;
    } OTHER[] = {
        {offsetof(maestrino_hardware, pes), 1, 1},
        {offsetof(maestrino_hardware, pes), MAESTRINO_UNLIMITED, 1},
        {offsetof(maestrino_hardware, l2_bytes), 1, 1},
        {offsetof(maestrino_hardware, weights_permille), 500, 1},
        {offsetof(maestrino_hardware, input_bits), 13, 1},
        {offsetof(maestrino_hardware, filter_bits), 13, 1},
        {offsetof(maestrino_hardware, output_bits), 13, 1},
        {offsetof(maestrino_hardware, psum_bits), 13, 1},
        {offsetof(maestrino_hardware, multicast), 0, 1},
        {offsetof(maestrino_hardware, activations), MAESTRINO_IN_L2, 1},
        {offsetof(maestrino_hardware, l1_buffers), 1, 1},
        {offsetof(maestrino_hardware, l2_buffers), 1, 1},
        {offsetof(maestrino_hardware, simd_lanes), 3, 0},
        {offsetof(maestrino_hardware, l1_bytes), 0, 0},
        {offsetof(maestrino_hardware, cluster_bytes), 0, 0},
        {offsetof(maestrino_hardware, noc[0].bandwidth), 1, 0},
        {offsetof(maestrino_hardware, noc[3].bandwidth), 1, 0},
        {offsetof(maestrino_hardware, noc[0].latency), MAESTRINO_UNLIMITED, 0},
        {offsetof(maestrino_hardware, offchip_bandwidth), 3, 0},
        {offsetof(maestrino_hardware, weights_bandwidth), 3, 0},
        {offsetof(maestrino_hardware, clock_hz), 1, 0},
    };
    for (size_t i = 0; i < sizeof OTHER / sizeof *OTHER; i++) {
        maestrino_hardware other = hardware;
        memcpy((char *)&other + OTHER[i].field, &OTHER[i].value, sizeof OTHER[i].value);
        if (OTHER[i].counts) {
            EXPECT(MAESTRINO_OTHER_ACCELERATOR,
                   maestrino_estimate_network(&good, &other, NULL, NULL, NULL, &out.total, &fault));
            HOLDS(fault.value == other.pes && fault.limit == hardware.pes);
            EXPECT(MAESTRINO_OTHER_ACCELERATOR,
                   maestrino_choose_network(&good, 1, &other, 1, &out.index, &out.total, &fault));
        } else {
            EXPECT(MAESTRINO_OK, maestrino_estimate_network(&good, &other, NULL, NULL, NULL, &out.total, &fault));
            HOLDS(out.total.operations == total.operations && out.total.l2_bytes == total.l2_bytes);
        }
    }
    const maestrino_hardware other = array(hardware.pes + 1);
    maestrino_hardware bad = hardware;
    bad.simd_lanes = 0;
    EXPECT(MAESTRINO_BAD_SIMD_LANES, maestrino_estimate_network(&good, &bad, NULL, NULL, NULL, &out.total, &fault));
    bad = hardware;
    bad.clock_hz = 0;
    EXPECT(MAESTRINO_OUT_OF_RANGE, maestrino_estimate_network(&good, &bad, NULL, NULL, NULL, &out.total, &fault));

    /* Choices. */
    const maestrino_network three[3] = {good, good, good};
    maestrino_hardware clock = hardware;
    clock.clock_hz = 1000000;
    EXPECT(MAESTRINO_END, maestrino_choose_network(NULL, 0, NULL, 0, &out.index, &out.total, &fault));
    EXPECT(MAESTRINO_END, maestrino_choose_network(three, 0, NULL, 0, &out.index, &out.total, &fault));
    EXPECT(MAESTRINO_NULL_POINTER,
           maestrino_choose_network(NULL, UINT32_MAX, NULL, 0, &out.index, &out.total, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_choose_network(three, 3, NULL, 0, NULL, &out.total, &fault));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_choose_network(three, 3, NULL, 0, OFF(&out.index), &out.total, &fault));
    EXPECT(MAESTRINO_OTHER_ACCELERATOR,
           maestrino_choose_network(three, 3, &other, 0, &out.index, &out.total, &fault));
    EXPECT(MAESTRINO_OK, maestrino_choose_network(three, 3, NULL, UINT64_MAX, &out.index, &out.total, &fault));
    HOLDS(out.index == 0 && memcmp(&total, &out.total, sizeof total) == 0);
    EXPECT(MAESTRINO_OK, maestrino_choose_network(three, 3, &clock, total.cycles, &out.index, &out.total, &fault));
    HOLDS(out.index == 0 && memcmp(&total, &out.total, sizeof total) == 0);
    EXPECT(MAESTRINO_DEADLINE_MISSED,
           maestrino_choose_network(three, 3, &clock, total.cycles - 1, &out.index, &out.total, &fault));
    HOLDS(out.index == 0 && memcmp(&total, &out.total, sizeof total) == 0);
    EXPECT(MAESTRINO_DEADLINE_MISSED, maestrino_choose_network(three, 3, NULL, 0, &out.index, &out.total, NULL));
    clock.clock_hz = 0;
    EXPECT(MAESTRINO_OUT_OF_RANGE, maestrino_choose_network(three, 3, &clock, 0, &out.index, &out.total, &fault));
    clock = hardware;
    clock.l1_bytes = 0;
    EXPECT(MAESTRINO_DOES_NOT_FIT,
           maestrino_choose_network(three, 3, &clock, UINT64_MAX, &out.index, &out.total, &fault));
    HOLDS(out.index == 0 && out.total.misfits == MAESTRINO_L1 && out.total.misfit_layers == good.layer_count);
    HOLDS(out.total.cycles == total.cycles);
    maestrino_network broken[2] = {good, MAESTRINO_INIT(maestrino_network)};
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_choose_network(broken, 2, NULL, 0, &out.index, &out.total, &fault));
    memset(&broken[1], 0, sizeof broken[1]);
    EXPECT(MAESTRINO_BAD_STRUCT_SIZE, maestrino_choose_network(broken, 2, NULL, 0, &out.index, &out.total, &fault));
    EXPECT(MAESTRINO_OK, maestrino_choose_network(broken, 2, NULL, UINT64_MAX, &out.index, &out.total, &fault));

    /* Networks of a newer header are larger, so they are farther apart in an array. */
    struct {
        maestrino_network network;
        uint64_t newer;
    } newer[2];
    memset(newer, 0, sizeof newer);
    newer[0].network = newer[1].network = good;
    newer[0].network.struct_size = newer[1].network.struct_size = MAESTRINO_SIZE_OF_STRUCT(newer[0]);
    EXPECT(MAESTRINO_DEADLINE_MISSED,
           maestrino_choose_network(&newer[0].network, 2, NULL, 0, &out.index, &out.total, &fault));
    newer[1].newer = 1;
    EXPECT(MAESTRINO_BAD_STRUCT_SIZE,
           maestrino_choose_network(&newer[0].network, 2, NULL, 0, &out.index, &out.total, &fault));
    newer[0].network.struct_size = MAESTRINO_SIZE_OF_STRUCT(maestrino_network) + 4;
    EXPECT(MAESTRINO_MISALIGNED,
           maestrino_choose_network(&newer[0].network, 2, NULL, 0, &out.index, &out.total, &fault));

    /* Networks that nobody opened. */
    maestrino_network zero = MAESTRINO_INIT(maestrino_network);
    cursor.index = cursor.offset = 0;
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_network_next(&zero, &cursor, &out.network_layer));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_network_dataflow(&zero, 0, &out.dataflow));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_network_hardware(&zero, &out.hardware));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_network_energies(&zero, &out.energies));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_estimate_network(&zero, NULL, NULL, NULL, NULL, &out.total, &fault));
    zero = good;
    zero.length = SIZE_MAX;
    EXPECT(MAESTRINO_OUT_OF_RANGE, maestrino_network_next(&zero, &cursor, &out.network_layer));
    EXPECT(MAESTRINO_OUT_OF_RANGE, maestrino_network_dataflow(&zero, 0, &out.dataflow));
    EXPECT(MAESTRINO_OUT_OF_RANGE, maestrino_network_hardware(&zero, &out.hardware));
    zero.length = 15;
    EXPECT(MAESTRINO_BLOB_TRUNCATED, maestrino_network_next(&zero, &cursor, &out.network_layer));
}

/* Opens a blob that may be wrong although its CRC is right, and uses the network if it could be opened. */
static maestrino_status open_any(const uint8_t *data, size_t length, const maestrino_hardware *other) {
    poison();
    const maestrino_status status = maestrino_network_open(data, length, &out.network, &fault);
    note(status);
    HOLDS(fault.status == status);
    if (status == MAESTRINO_OK) {
        rummage(&out.network, other);
    } else {
        HOLDS(out_untouched());
    }
    return status;
}

/* A larger `coarse` makes fewer damaged blobs, for a long blob or a slow machine. */
static void damaged_blobs(const uint8_t *blob, size_t length, size_t coarse) {
    const maestrino_network good = network_of(blob, length);
    const maestrino_hardware own = hardware_of(&good);
    uint8_t copy[MAX_BLOB];
    maestrino_network network = MAESTRINO_INIT(maestrino_network);

    /* The blob is cut off at any place: as it is, sealed again, and after it was opened. */
    for (size_t cut = 0; cut < length; cut += coarse) {
        const uint8_t *data = fenced(blob, cut);
        EXPECT(MAESTRINO_BLOB_TRUNCATED, maestrino_network_open(data, cut, &out.network, &fault));
        network.data = data;
        network.length = cut;
        rummage(&network, &own);
        if (cut > HEADER) {
            memcpy(copy, blob, cut);
            seal(copy, cut);
            data = fenced(copy, cut);
            /* Without the section of mappings to choose from, it is complete. */
            EXPECT(cut == section(blob, 3) ? MAESTRINO_OK : MAESTRINO_BLOB_MALFORMED,
                   maestrino_network_open(data, cut, &out.network, &fault));
            network.data = data;
            rummage(&network, &own);
        }
    }
    /* Each bit of each byte is changed. */
    for (size_t at = 0; at < length; at += at < 200 ? 1 : coarse) {
        for (int bit = 0; bit < 9; bit++) {
            memcpy(copy, blob, length);
            copy[at] ^= bit < 8 ? (uint8_t)(1 << bit) : 0xFF;
            uint8_t *data = fenced(copy, length);
            if (at < 4) {
                EXPECT(MAESTRINO_BLOB_MAGIC, maestrino_network_open(data, length, &out.network, &fault));
            } else if (at < 6) {
                EXPECT(MAESTRINO_BLOB_VERSION, maestrino_network_open(data, length, &out.network, &fault));
                HOLDS(fault.value == (uint32_t)(copy[4] | copy[5] << 8) && fault.limit == 2);
            } else if (at < 8) {
                EXPECT(MAESTRINO_BLOB_MALFORMED, maestrino_network_open(data, length, &out.network, &fault));
            } else if (at < 12) {
                poison();
                const maestrino_status status = maestrino_network_open(data, length, &out.network, &fault);
                HOLDS(status == MAESTRINO_BLOB_TRUNCATED || status == MAESTRINO_BLOB_CORRUPT);
                HOLDS(fault.status == status && out_untouched());
            } else {
                EXPECT(MAESTRINO_BLOB_CORRUPT, maestrino_network_open(data, length, &out.network, &fault));
            }
            network.data = data;
            network.length = length;
            rummage(&network, &own);
            if (at >= HEADER) {
                seal(data, length);
                open_any(data, length, &own);
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

/* Changes, removes or inserts several bytes and corrects all lengths and the CRC, so that the code behind these checks
 * is reached. There must be no access outside. */
static void mutated_blobs(const uint8_t *blob, size_t length, int rounds) {
    const maestrino_network good = network_of(blob, length);
    const maestrino_hardware own = hardware_of(&good);
    uint8_t copy[MAX_BLOB + 8];
    int opened = 0;
    for (int round = 0; round < rounds; round++) {
        size_t mutated = length;
        const uint32_t changes = 1 + any(8), grave = any(8) == 0;
        memcpy(copy, blob, length);
        for (uint32_t change = 0; change < changes; change++) {
            /* All three sections are equally likely. Heads are rarely changed, because that loses what follows. */
            const size_t start = section(copy, (int)any(3));
            const uint32_t bytes = get_u32(copy + start + 1);
            const size_t at = start + (grave ? any(bytes) : SECTION + any(bytes));
            switch (grave || any(4) ? any(4) : 3) {
            case 0:
                memmove(copy + at, copy + at + 1, mutated - at - 1);
                mutated--;
                put_u32(copy + start + 1, bytes - 1);
                break;
            case 1:
                memmove(copy + at + 1, copy + at, mutated - at);
                copy[at] = any(2) ? 0xFF : (uint8_t)any(256);
                mutated++;
                put_u32(copy + start + 1, bytes + 1);
                break;
            default: copy[at] = (uint8_t)any(256);
            }
            if (grave) {
                break;
            }
        }
        seal(copy, mutated);
        const uint8_t *data = fenced(copy, mutated);
        if (open_any(data, mutated, &own) == MAESTRINO_OK) {
            opened++;
        } else {
            /* A network that was not opened, but is used anyway. */
            maestrino_network network = MAESTRINO_INIT(maestrino_network);
            network.data = data;
            network.length = mutated;
            rummage(&network, &own);
        }
    }
    /* Enough of the blobs must have been opened. */
    HOLDS(opened > rounds / 20);
}

/* Writes bytes, and numbers in the encoding of a blob. */
struct writer {
    uint8_t bytes[MAX_BLOB];
    size_t length;
};

static void put_bytes(struct writer *writer, const void *bytes, size_t count) {
    memcpy(writer->bytes + writer->length, bytes, count);
    writer->length += count;
}

static void put_byte(struct writer *writer, uint32_t byte) {
    writer->bytes[writer->length++] = (uint8_t)byte;
}

static void put_count(struct writer *writer, uint64_t count) {
    for (; count >= 0x80; count >>= 7) {
        put_byte(writer, 0x80 | (uint32_t)(count & 0x7F));
    }
    put_byte(writer, (uint32_t)count);
}

static void put_counts(struct writer *writer, int count) {
    static const uint64_t COUNTS[] = {0, 1, 2, 1000, UINT32_MAX, INT64_MAX / 8, INT64_MAX, UINT64_MAX};
    while (count-- > 0) {
        put_count(writer, COUNTS[any(any(4) ? 5 : 8)]);
    }
}

static maestrino_status open_written(struct writer *writer, const maestrino_hardware *other) {
    seal(writer->bytes, writer->length);
    return open_any(fenced(writer->bytes, writer->length), writer->length, other);
}

/* Sections are in another order, missing, unknown, repeated, or have wrong lengths. */
static void other_sections(const uint8_t *blob, size_t length) {
    static const int ORDERS[][5] = {{2, 1, 0, 3, 3}, {3, 1, 3, 2, 0}, {0, 1, 2, 0, 1}};
    static const uint8_t UNKNOWN[SECTION + 3] = {200, 3, 0, 0, 0, 1, 2, 3};
    const maestrino_network good = network_of(blob, length);
    const maestrino_hardware own = hardware_of(&good);
    maestrino_total total = MAESTRINO_INIT(maestrino_total);
    HOLDS(maestrino_estimate_network(&good, NULL, NULL, NULL, NULL, &total, NULL) == MAESTRINO_OK);
    for (size_t i = 0; i < sizeof ORDERS / sizeof *ORDERS; i++) {
        struct writer writer = {.length = HEADER};
        memcpy(writer.bytes, blob, HEADER);
        for (int j = 0; j < 5; j++) {
            const int number = ORDERS[i][j];
            const uint8_t *from = number < 3 ? blob + section(blob, number) : UNKNOWN;
            put_bytes(&writer, from, SECTION + get_u32(from + 1));
        }
        HOLDS(open_written(&writer, &own) == MAESTRINO_OK);
        const maestrino_network network = network_of(writer.bytes, writer.length);
        EXPECT(MAESTRINO_OK, maestrino_estimate_network(&network, NULL, NULL, NULL, NULL, &out.total, &fault));
        HOLDS(memcmp(&total, &out.total, sizeof total) == 0);
    }
    for (int number = 0; number < 3; number++) {
        static const uint32_t OFF_BY[] = {1, UINT32_MAX, 0x7FFFFFFF, 0x80000000, UINT32_MAX - HEADER - SECTION};
        struct writer writer = {.length = 0};
        const size_t start = section(blob, number), end = section(blob, number + 1);
        put_bytes(&writer, blob, start);
        put_bytes(&writer, blob + end, length - end);
        HOLDS(open_written(&writer, &own) == MAESTRINO_BLOB_MALFORMED);
        for (size_t i = 0; i < sizeof OFF_BY / sizeof *OFF_BY; i++) {
            writer.length = 0;
            put_bytes(&writer, blob, length);
            put_u32(writer.bytes + start + 1, get_u32(blob + start + 1) + OFF_BY[i]);
            HOLDS(open_written(&writer, &own) == MAESTRINO_BLOB_MALFORMED);
        }
    }
    /* Choosing a mapping fails after the last layer and for a null pointer. A blob without the section has no choice. */
    struct writer without = {.length = 0};
    const maestrino_network full = network_of(blob, length);
    EXPECT(MAESTRINO_OK, maestrino_choose_mapping(&full, 0, &own, &out.index, &out.us, &fault));
    HOLDS(out.us > 0 && maestrino_network_mapping(&full, 0, out.index, &out.dataflow) == MAESTRINO_OK);
    EXPECT(MAESTRINO_END, maestrino_choose_mapping(&full, full.layer_count, NULL, &out.index, &out.us, &fault));
    EXPECT(MAESTRINO_END, maestrino_network_mapping(&full, 0, 255, &out.dataflow));
    EXPECT(MAESTRINO_END, maestrino_network_mapping(&full, UINT32_MAX, 0, &out.dataflow));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_choose_mapping(&full, 0, NULL, NULL, &out.us, &fault));
    EXPECT(MAESTRINO_NULL_POINTER, maestrino_choose_mapping(&full, 0, NULL, &out.index, NULL, &fault));
    EXPECT(MAESTRINO_MISALIGNED, maestrino_choose_mapping(&full, 0, NULL, &out.index, OFF(&out.us), &fault));
    maestrino_hardware tiny = own;
    tiny.l1_bytes = 0;
    EXPECT(MAESTRINO_DOES_NOT_FIT, maestrino_choose_mapping(&full, 0, &tiny, &out.index, &out.us, &fault));
    tiny.pes++;
    EXPECT(MAESTRINO_OTHER_ACCELERATOR, maestrino_choose_mapping(&full, 0, &tiny, &out.index, &out.us, &fault));
    put_bytes(&without, blob, section(blob, 3));
    HOLDS(open_written(&without, &own) == MAESTRINO_OK);
    const maestrino_network plain = network_of(without.bytes, without.length);
    EXPECT(MAESTRINO_NO_CHOICE, maestrino_choose_mapping(&plain, 0, NULL, &out.index, &out.us, &fault));
    EXPECT(MAESTRINO_NO_CHOICE, maestrino_network_mapping(&plain, 0, 0, &out.dataflow));
    struct writer nothing = {.length = HEADER};
    memcpy(nothing.bytes, blob, HEADER);
    HOLDS(open_written(&nothing, &own) == MAESTRINO_BLOB_MALFORMED);
}

/* Counts that are well-formed, but with numbers that no layer has. */
static void hostile_counts(const uint8_t *blob, size_t length, int rounds) {
    static const double NUMBERS[] = {0, 1, -1, NAN, INFINITY, -INFINITY, 1e308};
    const maestrino_network good = network_of(blob, length);
    const maestrino_hardware own = hardware_of(&good);
    const size_t start = section(blob, 2);
    for (int round = 0; round < rounds; round++) {
        struct writer writer = {.length = 0};
        put_bytes(&writer, blob, start + SECTION);
        for (uint32_t layer = 0; layer < good.layer_count; layer++) {
            for (uint32_t event = any(6); event > 0; event--) {
                /* The number of counts for each kind of event. Levels may exist or not. */
                static const int COUNTS[] = {4, 0, 1, 1};
                const uint32_t kind = any(4);
                put_byte(&writer, kind | any(4) << 2 | any(2) << 4);
                put_counts(&writer, COUNTS[kind]);
            }
            put_byte(&writer, 0xFF);
            put_byte(&writer, any(8) ? 1 + any(4) : any(256));
            put_counts(&writer, 6 + 4 + 4 + 5);
            put_bytes(&writer, &NUMBERS[any(7)], sizeof *NUMBERS);
            put_byte(&writer, any(4) != 0);
            if (writer.bytes[writer.length - 1]) {
                put_byte(&writer, any(256));
                put_byte(&writer, any(256));
                put_byte(&writer, any(256));
                put_counts(&writer, 4 + 6);
            }
        }
        put_u32(writer.bytes + start + 1, (uint32_t)(writer.length - start - SECTION));
        HOLDS(open_written(&writer, &own) == MAESTRINO_OK);
    }
}

static uint32_t any_limit(uint32_t below) {
    return any(3) ? 1 + any(below) : MAESTRINO_UNLIMITED;
}

static maestrino_hardware any_hardware(void) {
    maestrino_hardware hardware = array(1 + any(300));
    for (int level = 0; level < MAESTRINO_MAX_LEVELS; level++) {
        hardware.noc[level].bandwidth = any_limit(100);
        hardware.noc[level].latency = any(10) ? any(4) : any(MAESTRINO_UNLIMITED);
    }
    hardware.simd_lanes = 1 + any(4);
    hardware.l1_bytes = any_limit(1000);
    hardware.cluster_bytes = any_limit(1000);
    hardware.l2_bytes = any_limit(100000);
    hardware.offchip_bandwidth = any_limit(100);
    hardware.weights_bandwidth = any(3) ? 0 : any_limit(100);
    hardware.weights_permille = 1 + any(1000);
    hardware.input_bits = 1 + any(64);
    hardware.filter_bits = 1 + any(64);
    hardware.output_bits = 1 + any(64);
    hardware.psum_bits = 1 + any(64);
    hardware.multicast = any(2);
    hardware.activations = any(3);
    hardware.l1_buffers = 1 + any(2);
    hardware.l2_buffers = 1 + any(2);
    return hardware;
}

/* With any numbers there is a status, and a cost only if the status is MAESTRINO_OK. */
static void nonsense(int rounds) {
    for (int round = 0; round < rounds; round++) {
        maestrino_layer layer = MAESTRINO_INIT(maestrino_layer);
        maestrino_dataflow dataflow = MAESTRINO_INIT(maestrino_dataflow);
        maestrino_hardware hardware = any_hardware();
        layer.kind = (int32_t)any(8);
        layer.stride_y = 1 + any(3);
        layer.stride_x = 1 + any(3);
        if (any(10) == 0) {
            layer.stride_y = 1;
            layer.one_in_y = any(4);
            layer.phase_y = any(3);
        }
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
        maestrino_status status = maestrino_estimate_layer(&layer, &dataflow, &hardware, NULL, &out.cost, &fault);
        note(status);
        HOLDS(fault.status == status);
        if (status != MAESTRINO_OK) {
            HOLDS(code(status) != NULL && out_untouched());
        } else {
            HOLDS(out.cost.cycles > 0 && isfinite(nanojoules(&out.cost)) && out.cost.misfits < 8);
            const maestrino_cost first = out.cost;
            EXPECT(MAESTRINO_OK, maestrino_estimate_layer(&layer, &dataflow, &hardware, NULL, &out.cost, &fault));
            HOLDS(memcmp(&first, &out.cost, sizeof first) == 0);
            EXPECT(MAESTRINO_OK, maestrino_dataflow_check(&layer, &dataflow, hardware.pes, &fault));
        }
        poison();
        status = maestrino_maestro_estimate_layer(&layer, &dataflow, &hardware, NULL, &out.maestro_cost, &fault);
        note(status);
        HOLDS(fault.status == status);
        if (status != MAESTRINO_OK) {
            HOLDS(code(status) != NULL && out_untouched());
        } else {
            HOLDS(out.maestro_cost.cycles > 0 && out.maestro_cost.reserved == 0);
        }
    }
}

struct task {
    const uint8_t *blob;
    size_t length;
    uint32_t bandwidth;
    maestrino_total total;
    int wrong;
};

static void *work(void *argument) {
    struct task *task = argument;
    for (int round = 0; round < 200; round++) {
        maestrino_network network = MAESTRINO_INIT(maestrino_network);
        maestrino_hardware hardware = MAESTRINO_INIT(maestrino_hardware);
        maestrino_total total = MAESTRINO_INIT(maestrino_total);
        task->wrong += maestrino_network_open(task->blob, task->length, &network, NULL) != MAESTRINO_OK;
        task->wrong += maestrino_network_hardware(&network, &hardware) != MAESTRINO_OK;
        hardware.noc[0].bandwidth = task->bandwidth;
        task->wrong += maestrino_estimate_network(&network, &hardware, NULL, NULL, NULL, &total, NULL) != MAESTRINO_OK;
        task->wrong += round > 0 && memcmp(&total, &task->total, sizeof total) != 0;
        task->total = total;
    }
    return NULL;
}

static void threads(const uint8_t *blob, size_t length) {
    struct task tasks[4] = {{.blob = blob, .length = length, .bandwidth = 256},
                            {.blob = blob, .length = length, .bandwidth = 256},
                            {.blob = blob, .length = length, .bandwidth = 1},
                            {.blob = blob, .length = length, .bandwidth = 1}};
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

/* Every function except those whose arguments are only numbers. Structs are identified by their `maestrino_struct`. */
enum { STRUCTS = MAESTRINO_STRUCT_MAESTRO_COST + 1 };

#define BIT(name) (1u << MAESTRINO_STRUCT_##name)
#define S(name) s[MAESTRINO_STRUCT_##name]

static const uint8_t *the_blob;
static size_t the_length;
static int called_back;

static int32_t call_back(void *user, uint32_t index, const maestrino_network_layer *layer,
                         const maestrino_cost *cost) {
    (void)user;
    (void)index;
    (void)layer;
    (void)cost;
    called_back++;
    return 0;
}

static maestrino_status init_layer(void *const *s) {
    return maestrino_layer_init(MAESTRINO_CONV, S(LAYER));
}

static maestrino_status count_macs(void *const *s) {
    return maestrino_layer_macs(S(LAYER), &out.macs, S(FAULT));
}

static maestrino_status init_hardware(void *const *s) {
    return maestrino_hardware_init(16, S(HARDWARE));
}

static maestrino_status check_hardware(void *const *s) {
    return maestrino_hardware_check(S(HARDWARE), S(FAULT));
}

static maestrino_status init_energies(void *const *s) {
    return maestrino_energies_init(S(ENERGIES));
}

static maestrino_status make_preset(void *const *s) {
    return maestrino_dataflow_preset(MAESTRINO_RS, S(LAYER), NULL, 0, S(DATAFLOW), S(FAULT));
}

static maestrino_status check_dataflow(void *const *s) {
    return maestrino_dataflow_check(S(LAYER), S(DATAFLOW), 16, S(FAULT));
}

static maestrino_status estimate_layer(void *const *s) {
    return maestrino_estimate_layer(S(LAYER), S(DATAFLOW), S(HARDWARE), S(ENERGIES), S(COST), S(FAULT));
}

static maestrino_status estimate_as_maestro(void *const *s) {
    return maestrino_maestro_estimate_layer(S(LAYER), S(DATAFLOW), S(HARDWARE), S(ENERGIES), S(MAESTRO_COST), S(FAULT));
}

static maestrino_status open_network(void *const *s) {
    return maestrino_network_open(the_blob, the_length, S(NETWORK), S(FAULT));
}

static maestrino_status next_layer(void *const *s) {
    maestrino_cursor cursor = {0, 0};
    const maestrino_status status = maestrino_network_next(S(NETWORK), &cursor, S(NETWORK_LAYER));
    HOLDS(cursor.index == (status == MAESTRINO_OK) && (cursor.offset > 0) == (status == MAESTRINO_OK));
    return status;
}

static maestrino_status find_dataflow(void *const *s) {
    return maestrino_network_dataflow(S(NETWORK), 0, S(DATAFLOW));
}

static maestrino_status find_hardware(void *const *s) {
    return maestrino_network_hardware(S(NETWORK), S(HARDWARE));
}

static maestrino_status find_energies(void *const *s) {
    return maestrino_network_energies(S(NETWORK), S(ENERGIES));
}

static maestrino_status estimate_network(void *const *s) {
    called_back = 0;
    const maestrino_status status =
        maestrino_estimate_network(S(NETWORK), S(HARDWARE), S(ENERGIES), call_back, NULL, S(TOTAL), S(FAULT));
    HOLDS((called_back > 0) == (status == MAESTRINO_OK));
    return status;
}

static maestrino_status choose_network(void *const *s) {
    return maestrino_choose_network(S(NETWORK), 1, S(HARDWARE), UINT64_MAX, &out.index, S(TOTAL), S(FAULT));
}

static maestrino_status choose_mapping(void *const *s) {
    return maestrino_choose_mapping(S(NETWORK), 1, S(HARDWARE), &out.index, &out.us, S(FAULT));
}

static maestrino_status find_mapping(void *const *s) {
    return maestrino_network_mapping(S(NETWORK), 1, 0, S(DATAFLOW));
}

static const struct function {
    const char *name;
    maestrino_status (*call)(void *const *s);
    unsigned in, out, may_be_null;
} FUNCTIONS[] = {
    {"layer_init", init_layer, 0, BIT(LAYER), 0},
    {"layer_macs", count_macs, BIT(LAYER), BIT(FAULT), BIT(FAULT)},
    {"hardware_init", init_hardware, 0, BIT(HARDWARE), 0},
    {"hardware_check", check_hardware, BIT(HARDWARE), BIT(FAULT), BIT(FAULT)},
    {"energies_init", init_energies, 0, BIT(ENERGIES), 0},
    {"dataflow_preset", make_preset, BIT(LAYER), BIT(DATAFLOW) | BIT(FAULT), BIT(FAULT)},
    {"dataflow_check", check_dataflow, BIT(LAYER) | BIT(DATAFLOW), BIT(FAULT), BIT(FAULT)},
    {"estimate_layer", estimate_layer, BIT(LAYER) | BIT(DATAFLOW) | BIT(HARDWARE) | BIT(ENERGIES),
     BIT(COST) | BIT(FAULT), BIT(ENERGIES) | BIT(FAULT)},
    {"maestro_estimate_layer", estimate_as_maestro, BIT(LAYER) | BIT(DATAFLOW) | BIT(HARDWARE) | BIT(ENERGIES),
     BIT(MAESTRO_COST) | BIT(FAULT), BIT(ENERGIES) | BIT(FAULT)},
    {"network_open", open_network, 0, BIT(NETWORK) | BIT(FAULT), BIT(FAULT)},
    {"network_next", next_layer, BIT(NETWORK), BIT(NETWORK_LAYER), 0},
    {"network_dataflow", find_dataflow, BIT(NETWORK), BIT(DATAFLOW), 0},
    {"network_hardware", find_hardware, BIT(NETWORK), BIT(HARDWARE), 0},
    {"network_energies", find_energies, BIT(NETWORK), BIT(ENERGIES), 0},
    {"estimate_network", estimate_network, BIT(NETWORK) | BIT(HARDWARE) | BIT(ENERGIES), BIT(TOTAL) | BIT(FAULT),
     BIT(HARDWARE) | BIT(ENERGIES) | BIT(FAULT)},
    {"choose_network", choose_network, BIT(NETWORK) | BIT(HARDWARE), BIT(TOTAL) | BIT(FAULT),
     BIT(HARDWARE) | BIT(FAULT)},
    {"choose_mapping", choose_mapping, BIT(NETWORK) | BIT(HARDWARE), BIT(FAULT), BIT(HARDWARE) | BIT(FAULT)},
    {"network_mapping", find_mapping, BIT(NETWORK), BIT(DATAFLOW), 0},
};

/* The structs of a call. Each ends just before a page that nobody may access. */
enum { MOST_BYTES = UINT16_MAX + 1 };
static uint8_t *fences[STRUCTS];
static uint8_t good_bytes[STRUCTS][2048];

/* Places a struct of `size` bytes whose size field is `told`. Bytes beyond the known size are `beyond`. */
static void *place(int which, uint32_t size, uint32_t told, uint8_t beyond) {
    const uint32_t known = maestrino_struct_size(which);
    uint8_t *start = fences[which] - size;
    memset(start, beyond, size);
    memcpy(start, good_bytes[which], size < known ? size : known);
    memcpy(start, &told, sizeof told);
    return start;
}

/* Calls a function with one struct at `placed` and good other structs, which must not change if the call fails. */
static maestrino_status call_with(const struct function *function, int which, void *placed) {
    void *s[STRUCTS] = {NULL};
    uint8_t before[STRUCTS][2048];
    for (int other = 0; other < STRUCTS; other++) {
        const uint32_t size = maestrino_struct_size(other);
        if ((function->in | function->out) >> other & 1 && other != which) {
            s[other] = place(other, size, 0x4D530000u | size, 0);
            memcpy(before[other], s[other], size);
        }
    }
    s[which] = placed;
    const maestrino_status status = function->call(s);
    note(status);
    checks++;
    for (int other = 0; other < STRUCTS; other++) {
        const uint32_t size = maestrino_struct_size(other);
        const int written = status == MAESTRINO_OK || other == MAESTRINO_STRUCT_FAULT;
        if (s[other] && other != which && !(written && function->out >> other & 1) &&
            memcmp(before[other], s[other], size) != 0) {
            fail(__LINE__, function->name, "a struct has changed:", other);
        }
    }
    if (s[MAESTRINO_STRUCT_FAULT] && which != MAESTRINO_STRUCT_FAULT) {
        const maestrino_fault *told = s[MAESTRINO_STRUCT_FAULT];
        HOLDS(told->status == status && told->struct_size == MAESTRINO_SIZE_OF_STRUCT(maestrino_fault));
    }
    return status;
}

static void expect_of(const struct function *function, int which, void *placed, maestrino_status expected, int line) {
    const maestrino_status status = call_with(function, which, placed);
    if (status != expected) {
        fail(line, function->name, maestrino_status_text(status), which);
    }
}

/* Tests one struct of a function: NULL, misaligned, and with valid and invalid sizes. */
static void one_struct(const struct function *function, int which) {
    const uint32_t size = maestrino_struct_size(which), good = 0x4D530000u | size;
    const int reads = function->in >> which & 1, optional = function->may_be_null >> which & 1;
    const uint32_t wrong[] = {0,
                              1,
                              size,
                              0x4D530000u,
                              good - 1,
                              good - 4,
                              good - 8,
                              good ^ 0x80000000u,
                              good + 0x10000u,
                              0x4D540000u,
                              0x534D0000u | size,
                              (uint32_t)MAESTRINO_CONV,
                              MAESTRINO_UNLIMITED,
                              UINT32_MAX};
    uint8_t before[MOST_BYTES];

    expect_of(function, which, NULL, optional ? MAESTRINO_OK : MAESTRINO_NULL_POINTER, __LINE__);
    for (uint32_t off = 1; off < 4; off++) {
        expect_of(function, which, fences[which] - off, MAESTRINO_MISALIGNED, __LINE__);
    }
    expect_of(function, which, place(which, size, good, 0), MAESTRINO_OK, __LINE__);

    /* With a wrong size, nothing but the size is read, and nothing is written. */
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        uint8_t *placed = place(which, 8, wrong[i], 0);
        memcpy(before, placed, 8);
        expect_of(function, which, placed, MAESTRINO_BAD_STRUCT_SIZE, __LINE__);
        HOLDS(memcmp(before, placed, 8) == 0);
    }
    /* Structs of a newer header. */
    const uint32_t more[] = {8, 16, 256, (UINT16_MAX - 7 - size) & ~7u};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        const uint32_t larger = size + more[i], told = 0x4D530000u | larger;
        uint8_t *placed = place(which, larger, told, 0);
        expect_of(function, which, placed, MAESTRINO_OK, __LINE__);
        HOLDS(memcmp(placed, &told, sizeof told) == 0);
        placed = place(which, larger, told, POISON);
        memcpy(before, placed, larger);
        expect_of(function, which, placed, reads ? MAESTRINO_BAD_STRUCT_SIZE : MAESTRINO_OK, __LINE__);
        HOLDS(memcmp(placed, &told, sizeof told) == 0);
        HOLDS(!reads || memcmp(before, placed, larger) == 0);
        for (uint32_t at = size; at < larger; at++) {
            HOLDS(placed[at] == (reads ? POISON : 0));
        }
        /* A single bit in the newer part that requests something. */
        placed = place(which, larger, told, 0);
        placed[larger - 1] = 0x80;
        expect_of(function, which, placed, reads ? MAESTRINO_BAD_STRUCT_SIZE : MAESTRINO_OK, __LINE__);
    }
}

static void structs(const uint8_t *blob, size_t length) {
    const maestrino_layer layer = conv();
    const maestrino_dataflow dataflow = spread(MAESTRINO_K);
    const maestrino_network network = network_of(blob, length);
    const maestrino_hardware hardware = hardware_of(&network);
    const maestrino_energies energies = unit_energies();
    the_blob = blob;
    the_length = length;
    for (int which = 0; which < STRUCTS; which++) {
        fences[which] = fence_behind(MOST_BYTES);
        memset(good_bytes[which], POISON, sizeof good_bytes[which]);
    }
    memcpy(good_bytes[MAESTRINO_STRUCT_LAYER], &layer, sizeof layer);
    memcpy(good_bytes[MAESTRINO_STRUCT_DATAFLOW], &dataflow, sizeof dataflow);
    memcpy(good_bytes[MAESTRINO_STRUCT_NETWORK], &network, sizeof network);
    memcpy(good_bytes[MAESTRINO_STRUCT_HARDWARE], &hardware, sizeof hardware);
    memcpy(good_bytes[MAESTRINO_STRUCT_ENERGIES], &energies, sizeof energies);
    for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++) {
        for (int which = 0; which < STRUCTS; which++) {
            if ((FUNCTIONS[i].in | FUNCTIONS[i].out) >> which & 1) {
                one_struct(&FUNCTIONS[i], which);
            }
        }
    }
}

int main(int argc, char **argv) {
    static uint8_t blob[MAX_BLOB];
    FILE *file = argc == 3 || argc == 4 ? fopen(argv[1], "rb") : NULL;
    const int coarse = argc == 4 ? atoi(argv[3]) : 1;
    if (!file || coarse < 1) {
        fprintf(stderr, "usage: %s BLOB ROUNDS [COARSE]\n", argv[0]);
        return 2;
    }
    const size_t length = fread(blob, 1, sizeof blob, file);
    fclose(file);
    if (length == sizeof blob) {
        fprintf(stderr, "%s: too large\n", argv[1]);
        return 2;
    }
    mix_poison();
    fence = fence_behind(MAX_BLOB);
    constants();
    layers();
    accelerators();
    dataflows();
    estimates();
    structs(blob, length);
    networks(blob, length);
    damaged_blobs(blob, length, (size_t)coarse);
    mutated_blobs(blob, length, atoi(argv[2]) / 2);
    other_sections(blob, length);
    hostile_counts(blob, length, atoi(argv[2]) / 4);
    nonsense(atoi(argv[2]));
    threads(blob, length);
    for (int status = 0; status < CODES; status++) {
        /* A dataflow cannot be passed that is too long for its array. */
        if (code((enum maestrino_status)status) && !seen[status] && status != MAESTRINO_TOO_MANY_DIRECTIVES) {
            fail(__LINE__, code((enum maestrino_status)status), "never seen", status);
        }
    }
    printf("%d checks, %d failures\n", checks, failures);
    return failures ? 1 : 0;
}
