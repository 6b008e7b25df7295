/*
 * What a network costs on an accelerator, in C99:
 *
 *   maestrino compile ds_cnn -o ds_cnn.mst
 *   estimate ds_cnn.mst [CLOCK_HZ [DEADLINE_US]]
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "maestrino.h"

static const char *const KINDS[] = {"CONV", "DSCONV", "NGCONV", "TRCONV", "GEMM", "FC", "POOL", "ELTWISE"};
static const char *const BOUNDS[] = {"compute", "noc in", "noc out", "offchip"};

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
    return 1;
}

/* The accelerator of `maestrino estimate`: 256 PEs, NoC of 1000 elements/cycle, 50 elements/cycle off-chip. */
static maestrino_status accelerator(maestrino_hardware *hardware) {
    maestrino_status status = maestrino_hardware_init(256, hardware);
    hardware->noc_bandwidth = 1000;
    hardware->offchip_bandwidth = 50;
    return status == MAESTRINO_OK ? maestrino_hardware_check(hardware, NULL) : status;
}

/* One layer by hand, under a preset and under the same dataflow written out. */
static int one_layer(const maestrino_hardware *hardware) {
    maestrino_layer conv;
    maestrino_dataflow preset, own = {0};
    maestrino_cost cost;
    maestrino_fault fault;
    maestrino_status status;
    uint64_t macs;

    status = maestrino_layer_init(MAESTRINO_CONV, &conv);
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

    status = maestrino_dataflow_preset(MAESTRINO_XP_WS, &conv, NULL, 0, &preset, &fault);
    if (status == MAESTRINO_OK) {
        status = maestrino_estimate_layer(&conv, &preset, hardware, NULL, &cost, &fault);
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
    status = maestrino_estimate_layer(&conv, &own, hardware, NULL, &cost, &fault);
    if (status != MAESTRINO_OK) {
        return complain("own dataflow", status, &fault);
    }
    printf("  written out:  %" PRIu64 " cycles\n", cost.cycles);
    return 0;
}

static int32_t print_layer(void *user, uint32_t index, const maestrino_network_layer *layer,
                           const maestrino_cost *cost) {
    int most = 0;
    (void)user;
    for (int i = 1; i < 4; i++) {
        most = cost->bound_cycles[i] > cost->bound_cycles[most] ? i : most;
    }
    printf("%3" PRIu32 "  %-16.*s %-8s %10" PRIu64 " %12" PRIu64 "  %-8s %10.3f\n", index, (int)layer->name_length,
           layer->name, KINDS[layer->layer.kind], cost->cycles, cost->operations, BOUNDS[most],
           cost->mac_nj + cost->l1_nj + cost->l2_nj);
    return 0;
}

static int whole_network(const uint8_t *blob, size_t length, const maestrino_hardware *hardware, uint32_t clock_hz,
                         uint64_t deadline_us) {
    maestrino_network network;
    maestrino_total total;
    maestrino_fault fault;
    uint32_t chosen;
    uint64_t us;
    maestrino_status status = maestrino_network_open(blob, length, &network, &fault);
    if (status != MAESTRINO_OK) {
        return complain("network", status, &fault);
    }
    printf("\n%.*s, %" PRIu32 " layers\n", (int)network.name_length, network.name, network.layer_count);
    printf("     %-16s %-8s %10s %12s  %-8s %10s\n", "layer", "kind", "cycles", "operations", "bound", "nJ");
    status = maestrino_estimate_network(&network, hardware, NULL, print_layer, NULL, &total, &fault);
    if (status == MAESTRINO_OK) {
        status = maestrino_cycles_to_us(total.cycles, clock_hz, &us);
    }
    if (status != MAESTRINO_OK) {
        return complain("estimate", status, &fault);
    }
    printf("total: %" PRIu64 " cycles, %" PRIu64 " operations, %.6f nJ\n", total.cycles, total.operations,
           total.mac_nj + total.l1_nj + total.l2_nj);
    printf("at %" PRIu32 " Hz: %" PRIu64 " us\n", clock_hz, us);

    /* With several networks, best first, this would choose one. */
    status = maestrino_choose_network(&network, 1, hardware, clock_hz, deadline_us, &chosen, &total, &fault);
    if (status != MAESTRINO_OK && status != MAESTRINO_DEADLINE_MISSED) {
        return complain("choose", status, &fault);
    }
    printf("%s the deadline of %" PRIu64 " us\n", status == MAESTRINO_OK ? "meets" : "misses", deadline_us);
    return 0;
}

int main(int argc, char **argv) {
    static uint8_t blob[1 << 20];
    maestrino_hardware hardware;
    maestrino_status status;
    size_t length;
    FILE *file;
    if (argc < 2 || argc > 4) {
        fprintf(stderr, "usage: %s BLOB [CLOCK_HZ [DEADLINE_US]]\n", argv[0]);
        return 2;
    }
    if (maestrino_abi_version() < MAESTRINO_ABI_VERSION ||
        maestrino_abi_version() / 1000 != MAESTRINO_ABI_VERSION / 1000) {
        fprintf(stderr, "the library is of ABI %" PRIu32 ", the header of %d\n", maestrino_abi_version(),
                MAESTRINO_ABI_VERSION);
        return 1;
    }
    file = fopen(argv[1], "rb");
    if (!file) {
        perror(argv[1]);
        return 1;
    }
    length = fread(blob, 1, sizeof blob, file);
    fclose(file);
    status = accelerator(&hardware);
    if (status != MAESTRINO_OK) {
        return complain("accelerator", status, NULL);
    }
    if (one_layer(&hardware) != 0) {
        return 1;
    }
    return whole_network(blob, length, &hardware, argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 200000000,
                         argc > 3 ? strtoull(argv[3], NULL, 10) : 1000);
}
