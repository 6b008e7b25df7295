/*
 * What a network costs on the accelerator that it was compiled for, in C99:
 *
 *   maestrino compile ds_cnn --hw ethos-u55-128 -o ds_cnn.mst
 *   estimate ds_cnn.mst [CLOCK_HZ [DEADLINE_US]]
 *
 * By default, the clock is the accelerator's, and the deadline is 1000 us. Exits with 0 if the network fits all buffers
 * and meets the deadline, 1 after an error, 2 if called wrongly, 3 if a buffer is too small, 4 if it is too slow.
 * If L2 is too small for a layer, its cycles are -, and its nJ do not include off-chip transfers.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "maestrino.h"

static const char *const KINDS[] = {"CONV", "DSCONV", "NGCONV", "TRCONV", "GEMM", "FC", "POOL", "ELTWISE"};
static const char *const BOUNDS[] = {"compute", "noc in", "noc out", "offchip"};

enum { MEETS = 0, FAILS = 1, CALLED_WRONGLY = 2, DOES_NOT_FIT = 3, TOO_SLOW = 4 };

static maestrino_size elements(int32_t count) {
    maestrino_size size = MAESTRINO_ELEMENTS(count);
    return size;
}

static maestrino_size size_of(int32_t dim) {
    maestrino_size size = MAESTRINO_SIZE_OF(dim);
    return size;
}

static void append(maestrino_dataflow *dataflow, int32_t kind, maestrino_size size, maestrino_size offset,
                   int32_t dim) {
    maestrino_directive *line = &dataflow->directives[dataflow->count++];
    line->kind = kind;
    line->dim = dim;
    line->size = size;
    line->offset = offset;
}

static int complain(const char *what, maestrino_status status, const maestrino_fault *fault) {
    fprintf(stderr, "%s: %s", what, maestrino_status_text(status));
    if (fault && fault->layer != UINT32_MAX) {
        fprintf(stderr, ", layer %" PRIu32, fault->layer);
    }
    if (fault && fault->value) {
        fprintf(stderr, " (%" PRIu32 ", limit %" PRIu32 ")", fault->value, fault->limit);
    }
    fputc('\n', stderr);
    return FAILS;
}

/* Costs one layer on an accelerator, both defined here: with a preset, and with the same dataflow written out. */
static int one_layer(void) {
    maestrino_layer conv = MAESTRINO_INIT(maestrino_layer);
    maestrino_hardware hardware = MAESTRINO_INIT(maestrino_hardware);
    maestrino_dataflow preset = MAESTRINO_INIT(maestrino_dataflow), own = MAESTRINO_INIT(maestrino_dataflow);
    maestrino_cost cost = MAESTRINO_INIT(maestrino_cost);
    maestrino_fault fault = MAESTRINO_INIT(maestrino_fault);
    uint64_t macs;

    maestrino_status status = maestrino_layer_init(MAESTRINO_CONV, &conv);
    if (status != MAESTRINO_OK) {
        return complain("layer", status, NULL);
    }
    conv.stride_y = conv.stride_x = 2;
    conv.sizes[MAESTRINO_K] = 64;
    conv.sizes[MAESTRINO_C] = 3;
    conv.sizes[MAESTRINO_R] = conv.sizes[MAESTRINO_S] = 3;
    conv.sizes[MAESTRINO_Y] = conv.sizes[MAESTRINO_X] = 226;
    status = maestrino_layer_macs(&conv, &macs, &fault);
    if (status != MAESTRINO_OK) {
        return complain("layer", status, &fault);
    }
    printf("CONV 64 x 3 x 3 x 3: %" PRIu64 " MACs\n", macs);

    /* All figures that are not set have no limit. */
    status = maestrino_hardware_init(256, &hardware);
    if (status != MAESTRINO_OK) {
        return complain("accelerator", status, NULL);
    }
    hardware.noc[0].bandwidth = 64;
    hardware.offchip_bandwidth = 8;
    status = maestrino_hardware_check(&hardware, &fault);
    if (status != MAESTRINO_OK) {
        return complain("accelerator", status, &fault);
    }

    status = maestrino_dataflow_preset(MAESTRINO_XP_WS, &conv, NULL, 0, &preset, &fault);
    if (status == MAESTRINO_OK) {
        status = maestrino_estimate_layer(&conv, &preset, &hardware, NULL, &cost, &fault);
    }
    if (status != MAESTRINO_OK) {
        return complain("preset", status, &fault);
    }
    printf("  preset xp_ws: %" PRIu64 " cycles\n", cost.cycles);

    append(&own, MAESTRINO_TEMPORAL_MAP, elements(1), elements(1), MAESTRINO_K);
    append(&own, MAESTRINO_TEMPORAL_MAP, elements(1), elements(1), MAESTRINO_C);
    append(&own, MAESTRINO_TEMPORAL_MAP, size_of(MAESTRINO_R), elements(1), MAESTRINO_Y);
    append(&own, MAESTRINO_SPATIAL_MAP, size_of(MAESTRINO_S), elements(1), MAESTRINO_X);
    append(&own, MAESTRINO_TEMPORAL_MAP, size_of(MAESTRINO_R), size_of(MAESTRINO_R), MAESTRINO_R);
    append(&own, MAESTRINO_TEMPORAL_MAP, size_of(MAESTRINO_S), size_of(MAESTRINO_S), MAESTRINO_S);
    status = maestrino_estimate_layer(&conv, &own, &hardware, NULL, &cost, &fault);
    if (status != MAESTRINO_OK) {
        return complain("own dataflow", status, &fault);
    }
    printf("  written out:  %" PRIu64 " cycles\n", cost.cycles);
    return 0;
}

/* A count as text, or `word` if the count is the special number `none`. */
static const char *count_or(const char *word, uint64_t none, uint64_t count, char text[24]) {
    snprintf(text, 24, "%" PRIu64, count);
    return count == none ? word : text;
}

static int32_t print_layer(void *user, uint32_t index, const maestrino_network_layer *layer,
                           const maestrino_cost *cost) {
    char cycles[24];
    int most = 0;
    (void)user;
    for (int i = 1; i < 4; i++) {
        most = cost->bound_cycles[i] > cost->bound_cycles[most] ? i : most;
    }
    printf("%3" PRIu32 "  %-16.*s %-8s %10s %12" PRIu64 "  %-8s %12.3f%s%s%s\n", index, (int)layer->name_length,
           layer->name, KINDS[layer->layer.kind], count_or("-", MAESTRINO_NO_CYCLES, cost->cycles, cycles),
           cost->operations, BOUNDS[most],
           cost->mac_nj + cost->l1_nj + cost->cluster_nj + cost->l2_nj + cost->offchip_nj,
           cost->misfits & MAESTRINO_L1 ? " L1" : "", cost->misfits & MAESTRINO_CLUSTER_BUFFER ? " cluster" : "",
           cost->misfits & MAESTRINO_L2 ? " L2" : "");
    return 0;
}

static void print_buffer(const char *name, uint64_t needed, uint32_t there, int fits) {
    char limit[24];
    printf("%-8s %10" PRIu64 " bytes needed, limit %s%s\n", name, needed,
           count_or("none", MAESTRINO_UNLIMITED, there, limit), fits ? "" : ": too small");
}

/* Prints whether the network fits and is fast enough. */
static int verdict(const maestrino_network *network, const maestrino_hardware *hardware, uint64_t deadline_us) {
    maestrino_total total = MAESTRINO_INIT(maestrino_total);
    maestrino_fault fault = MAESTRINO_INIT(maestrino_fault);
    uint32_t chosen;
    /* Given several networks, with the best first, this would choose one of them. */
    const maestrino_status status =
        maestrino_choose_network(network, 1, hardware, deadline_us, &chosen, &total, &fault);
    switch (status) {
    case MAESTRINO_OK: printf("meets the deadline of %" PRIu64 " us\n", deadline_us); return MEETS;
    case MAESTRINO_DEADLINE_MISSED: printf("misses the deadline of %" PRIu64 " us\n", deadline_us); return TOO_SLOW;
    case MAESTRINO_DOES_NOT_FIT:
        printf("does not fit: %" PRIu32 " of %" PRIu32 " layers\n", total.misfit_layers, total.layers);
        return DOES_NOT_FIT;
    default: return complain("choose", status, &fault);
    }
}

static int whole_network(const uint8_t *blob, size_t length, uint32_t clock_hz, uint64_t deadline_us) {
    maestrino_network network = MAESTRINO_INIT(maestrino_network);
    maestrino_hardware hardware = MAESTRINO_INIT(maestrino_hardware);
    maestrino_total total = MAESTRINO_INIT(maestrino_total);
    maestrino_fault fault = MAESTRINO_INIT(maestrino_fault);
    char cycles[24];
    uint64_t us;
    maestrino_status status = maestrino_network_open(blob, length, &network, &fault);
    if (status != MAESTRINO_OK) {
        return complain("network", status, &fault);
    }
    status = maestrino_network_hardware(&network, &hardware);
    if (status != MAESTRINO_OK) {
        return complain("accelerator", status, NULL);
    }
    if (clock_hz != 0) {
        hardware.clock_hz = clock_hz;
    }
    printf("\n%.*s, %" PRIu32 " layers, on %" PRIu32 " PEs\n", (int)network.name_length, network.name,
           network.layer_count, hardware.pes);
    printf("     %-16s %-8s %10s %12s  %-8s %12s %s\n", "layer", "kind", "cycles", "operations", "bound", "nJ",
           "too small");
    status = maestrino_estimate_network(&network, &hardware, NULL, print_layer, NULL, &total, &fault);
    if (status != MAESTRINO_OK) {
        return complain("estimate", status, &fault);
    }
    printf("total: %s cycles, %" PRIu64 " operations, %.6f nJ\n",
           count_or("-", MAESTRINO_NO_CYCLES, total.cycles, cycles), total.operations,
           total.mac_nj + total.l1_nj + total.cluster_nj + total.l2_nj + total.offchip_nj);
    print_buffer("L1", total.l1_bytes, hardware.l1_bytes, !(total.misfits & MAESTRINO_L1));
    print_buffer("cluster", total.cluster_bytes, hardware.cluster_bytes, !(total.misfits & MAESTRINO_CLUSTER_BUFFER));
    print_buffer("L2", total.l2_bytes, hardware.l2_bytes, !(total.misfits & MAESTRINO_L2));
    if (maestrino_cycles_to_us(total.cycles, hardware.clock_hz, &us) == MAESTRINO_OK) {
        printf("at %" PRIu32 " Hz: %" PRIu64 " us\n", hardware.clock_hz, us);
    }
    return verdict(&network, &hardware, deadline_us);
}

/* Parses a number from 1 to `most`; 0 if it is not one. */
static uint64_t number(const char *text, uint64_t most) {
    char *end;
    const uint64_t value = strtoull(text, &end, 10);
    return *text < '0' || *text > '9' || *end || value > most ? 0 : value;
}

int main(int argc, char **argv) {
    static uint8_t blob[1 << 20];
    const uint64_t clock_hz = argc > 2 ? number(argv[2], UINT32_MAX) : 0;
    const uint64_t deadline_us = argc > 3 ? number(argv[3], UINT64_MAX - 1) : 1000;
    size_t length;
    FILE *file;
    if (argc < 2 || argc > 4 || (argc > 2 && clock_hz == 0) || deadline_us == 0) {
        fprintf(stderr, "usage: %s BLOB [CLOCK_HZ [DEADLINE_US]]\n", argv[0]);
        return CALLED_WRONGLY;
    }
    if (maestrino_abi_version() < MAESTRINO_ABI_VERSION ||
        maestrino_abi_version() / 1000 != MAESTRINO_ABI_VERSION / 1000) {
        fprintf(stderr, "the library is of ABI %" PRIu32 ", the header of %d\n", maestrino_abi_version(),
                MAESTRINO_ABI_VERSION);
        return FAILS;
    }
    file = fopen(argv[1], "rb");
    if (!file) {
        perror(argv[1]);
        return FAILS;
    }
    length = fread(blob, 1, sizeof blob, file);
    fclose(file);
    if (one_layer() != 0) {
        return FAILS;
    }
    return whole_network(blob, length, (uint32_t)clock_hz, deadline_us);
}
