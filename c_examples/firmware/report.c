/*
 * The report: the cost of every layer of every blob, and a scenario of a device that runs out of power.
 *
 * The reports of the boards and of the PC are compared, so nothing in it may depend on where it runs.
 */
#include "report.h"

#include "print.h"

const char *const accelerator_names[ACCELERATORS] = {
    [EDGE16] = "edge16",
    [EYERISS] = "eyeriss",
    [TIGHT] = "eyeriss with an L2 of 12 KiB",
};

const char *const dataflow_names[DATAFLOWS] = {
    [KCP_WS] = "kcp_ws",
    [XP_WS] = "xp_ws",
    [RS] = "rs",
    [YKP_OS] = "ykp_os",
};

static int failures;

static void put_count(const char *what, uint64_t count) {
    put(what);
    put_number(count);
}

static uint64_t bits(double number) {
    union {
        double number;
        uint64_t bits;
    } both = {number};
    return both.bits;
}

/* The FNV-1a hash of 64-bit numbers, with the least significant byte first on every machine. */
static uint64_t fnv1a(const uint64_t *numbers, size_t count) {
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < count; i++) {
        for (int shift = 0; shift < 64; shift += 8) {
            hash = (hash ^ (numbers[i] >> shift & 0xff)) * 0x100000001b3;
        }
    }
    return hash;
}

/* Fails to compile if the cost gets a field that cost_hash does not know. */
enum { NUMBERS = 32 };
typedef char cost_has_32_numbers[sizeof(maestrino_cost) == NUMBERS * sizeof(uint64_t) ? 1 : -1];

/* A hash of every integer of a cost and of the bits of every double, in the order of maestrino.h. */
static uint64_t cost_hash(const maestrino_cost *cost) {
    const maestrino_transfers *l1 = &cost->l1, *l2 = &cost->l2, *offchip = &cost->offchip;
    const uint64_t numbers[NUMBERS] = {
        cost->misfits,
        cost->cycles,
        cost->serial_cycles,
        cost->bound_cycles[MAESTRINO_BOUND_COMPUTE],
        cost->bound_cycles[MAESTRINO_BOUND_NOC_IN],
        cost->bound_cycles[MAESTRINO_BOUND_NOC_OUT],
        cost->bound_cycles[MAESTRINO_BOUND_OFFCHIP],
        cost->operations,
        cost->layer_operations,
        cost->steps,
        l1->input,
        l1->filter,
        l1->psum,
        l1->output,
        l2->input,
        l2->filter,
        l2->psum,
        l2->output,
        offchip->input,
        offchip->filter,
        offchip->psum,
        offchip->output,
        cost->offchip_bits,
        cost->l1_bytes,
        cost->cluster_bytes,
        cost->l2_bytes,
        bits(cost->active_pes),
        bits(cost->mac_nj),
        bits(cost->l1_nj),
        bits(cost->cluster_nj),
        bits(cost->l2_nj),
        bits(cost->offchip_nj),
    };
    return fnv1a(numbers, NUMBERS);
}

static void put_fault(maestrino_status status, const maestrino_fault *fault) {
    put(maestrino_status_text(status));
    if (fault->layer != UINT32_MAX) {
        put_count(", layer ", fault->layer);
    }
    if (fault->level != 0) {
        put_count(", level ", fault->level);
    }
    if (fault->value != 0 || fault->limit != 0) {
        put_count(", ", fault->value);
        put_count(" against ", fault->limit);
    }
    put("\n");
}

/* Prints a failure that should not occur here. */
static void unexpected(maestrino_status status, const maestrino_fault *fault) {
    failures++;
    put("  UNEXPECTED: ");
    put_fault(status, fault);
}

static int32_t put_layer(void *user, uint32_t index, const maestrino_network_layer *layer, const maestrino_cost *cost) {
    (void)user;
    (void)index;
    put("  ");
    put_name(layer->name, layer->name_length, 16);
    put(" ");
    put_hex(cost_hash(cost));
    put_count("  ", cost->cycles);
    put("\n");
    return 0;
}

static void put_network(const struct blob *blob, const char *accelerator, const char *dataflow) {
    maestrino_network network = MAESTRINO_INIT(maestrino_network);
    maestrino_total total = MAESTRINO_INIT(maestrino_total);
    maestrino_fault fault = MAESTRINO_INIT(maestrino_fault);

    maestrino_status status = maestrino_network_open(blob->data, blob->length, &network, &fault);
    if (status != MAESTRINO_OK) {
        unexpected(status, &fault);
        return;
    }
    put("\n");
    put_name(network.name, network.name_length, 0);
    put(", ");
    put(dataflow);
    put(" on ");
    put(accelerator);
    put("\n");
    status = maestrino_estimate_network(&network, NULL, NULL, put_layer, NULL, &total, &fault);
    if (status != MAESTRINO_OK) {
        unexpected(status, &fault);
        return;
    }
    put_count("  total: layers ", total.layers);
    put_count(", cycles ", total.cycles);
    put_count(", operations ", total.operations);
    put_count(", L1 ", total.l1_bytes);
    put_count(" B, clusters ", total.cluster_bytes);
    put_count(" B, L2 ", total.l2_bytes);
    put(total.misfits ? " B: DOES NOT FIT\n" : " B: fits\n");
    put("  total: nJ, as bits: MACs ");
    put_hex(bits(total.mac_nj));
    put(", L1 ");
    put_hex(bits(total.l1_nj));
    put(", clusters ");
    put_hex(bits(total.cluster_nj));
    put(", L2 ");
    put_hex(bits(total.l2_nj));
    put(", off-chip ");
    put_hex(bits(total.offchip_nj));
    put("\n");
    if (total.calibrated_cycles != MAESTRINO_NO_CYCLES) {
        put_count("  calibrated: cycles ", total.calibrated_cycles);
        put_count(", nine in ten networks at most ", total.calibrated_upper_cycles);
        put("\n");
    }
}

/* Checks that the library matches the header that this was compiled with. */
static void check_interface(void) {
    const uint32_t sizes[] = {
        [MAESTRINO_STRUCT_LAYER] = sizeof(maestrino_layer),
        [MAESTRINO_STRUCT_DATAFLOW] = sizeof(maestrino_dataflow),
        [MAESTRINO_STRUCT_HARDWARE] = sizeof(maestrino_hardware),
        [MAESTRINO_STRUCT_ENERGIES] = sizeof(maestrino_energies),
        [MAESTRINO_STRUCT_COST] = sizeof(maestrino_cost),
        [MAESTRINO_STRUCT_TOTAL] = sizeof(maestrino_total),
        [MAESTRINO_STRUCT_NETWORK] = sizeof(maestrino_network),
        [MAESTRINO_STRUCT_NETWORK_LAYER] = sizeof(maestrino_network_layer),
        [MAESTRINO_STRUCT_FAULT] = sizeof(maestrino_fault),
        [MAESTRINO_STRUCT_MAESTRO_COST] = sizeof(maestrino_maestro_cost),
    };
    int agree = maestrino_abi_version() == MAESTRINO_ABI_VERSION;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        agree = agree && maestrino_struct_size((int32_t)i) == sizes[i];
    }
    failures += !agree;
    put(agree ? "Library and header agree.\n" : "LIBRARY AND HEADER DISAGREE.\n");
}

/* The networks that the device would like to run, best first. */
enum { WISHES = 3 };

/* Chooses a network and prints the outcome. */
static void choose(const char *when, const maestrino_network *wishes, const maestrino_hardware *hardware,
                   uint64_t deadline_us) {
    uint32_t index;
    uint64_t us;
    maestrino_total total = MAESTRINO_INIT(maestrino_total);
    maestrino_fault fault = MAESTRINO_INIT(maestrino_fault);

    put("\n");
    put(when);
    put_count(": ", hardware->clock_hz / 1000000);
    put_count(" MHz, NoC ", hardware->noc[0].bandwidth);
    put_count(" and off-chip ", hardware->offchip_bandwidth);
    put_count(" bytes/cycle, L1 ", hardware->l1_bytes);
    put_count(" B; deadline ", deadline_us);
    put(" us\n");
    maestrino_status status = maestrino_choose_network(wishes, WISHES, hardware, deadline_us, &index, &total, &fault);
    switch (status) {
    case MAESTRINO_OK: break;
    case MAESTRINO_DEADLINE_MISSED: put("  none is fast enough; the fastest is marked\n"); break;
    case MAESTRINO_DOES_NOT_FIT: put("  none fits; the first is marked\n"); break;
    default: unexpected(status, &fault); return;
    }
    /* The choice has been made. The rest shows how close it was. */
    for (uint32_t i = 0; i < WISHES; i++) {
        status = maestrino_estimate_network(&wishes[i], hardware, NULL, NULL, NULL, &total, &fault);
        if (status == MAESTRINO_OK) {
            status = maestrino_cycles_to_us(total.cycles, hardware->clock_hz, &us);
        }
        if (status != MAESTRINO_OK) {
            unexpected(status, &fault);
            return;
        }
        put(i == index ? "  -> " : "     ");
        put_name(wishes[i].name, wishes[i].name_length, 20);
        put_count(" ", us);
        put(" us");
        put(us <= deadline_us ? "" : ", too slow");
        if (total.misfits) {
            put_count(", does not fit: layers ", total.misfit_layers);
        }
        put("\n");
    }
}

/* A battery camera. It would like to classify objects, otherwise detect people, otherwise listen for keywords. */
static void scenario(void) {
    static const int wanted[WISHES] = {RESNET8, MOBILENET_V1_025_VWW, DS_CNN};
    maestrino_network wishes[WISHES] = {MAESTRINO_INIT(maestrino_network), MAESTRINO_INIT(maestrino_network),
                                        MAESTRINO_INIT(maestrino_network)};
    maestrino_hardware hardware = MAESTRINO_INIT(maestrino_hardware);
    maestrino_fault fault = MAESTRINO_INIT(maestrino_fault);

    put("\nScenario: a battery camera with the accelerator edge16\n");
    for (int i = 0; i < WISHES; i++) {
        const struct blob *blob = &blobs[EDGE16][wanted[i]][YKP_OS];
        maestrino_status status = maestrino_network_open(blob->data, blob->length, &wishes[i], &fault);
        if (status != MAESTRINO_OK) {
            unexpected(status, &fault);
            return;
        }
    }
    maestrino_status status = maestrino_network_hardware(&wishes[0], &hardware);
    if (status != MAESTRINO_OK) {
        unexpected(status, &fault);
        return;
    }
    choose("As compiled", wishes, &hardware, 100000);
    hardware.noc[0].bandwidth = hardware.noc[1].bandwidth = 4;
    hardware.offchip_bandwidth = 1;
    hardware.clock_hz /= 2;
    choose("Battery saver", wishes, &hardware, 30000);
    hardware.clock_hz /= 10;
    choose("Battery nearly empty", wishes, &hardware, 100000);
    hardware.l1_bytes = 24;
    choose("The same with a part of L1 switched off", wishes, &hardware, 10000000);
}

/* Before each layer, chooses its fastest mapping for the bandwidth that the rest of the chip leaves. */
static void mappings(void) {
    static const uint32_t offchip[] = {1, 2, 4, 16, 64};
    maestrino_network network = MAESTRINO_INIT(maestrino_network);
    maestrino_hardware hardware = MAESTRINO_INIT(maestrino_hardware);
    maestrino_dataflow dataflow = MAESTRINO_INIT(maestrino_dataflow);
    maestrino_fault fault = MAESTRINO_INIT(maestrino_fault);

    put("\nMappings of DS-CNN on edge16 by off-chip bandwidth: their numbers, cycles of all layers\n");
    maestrino_status status = maestrino_network_open(mapped.data, mapped.length, &network, &fault);
    if (status == MAESTRINO_OK) {
        status = maestrino_network_hardware(&network, &hardware);
    }
    for (size_t i = 0; i < sizeof offchip / sizeof *offchip && status == MAESTRINO_OK; i++) {
        uint64_t sum = 0;
        hardware.offchip_bandwidth = offchip[i];
        put_count("  ", offchip[i]);
        put(" bytes/cycle:");
        for (uint32_t layer = 0; layer < network.layer_count && status == MAESTRINO_OK; layer++) {
            uint32_t mapping;
            uint64_t cycles;
            status = maestrino_choose_mapping(&network, layer, &hardware, &mapping, &cycles, &fault);
            if (status == MAESTRINO_OK) {
                /* With these directives, a device would set up its accelerator. */
                status = maestrino_network_mapping(&network, layer, mapping, &dataflow);
                put_count(" ", mapping);
                sum += cycles;
            }
        }
        put_count(", ", sum);
        put("\n");
    }
    if (status != MAESTRINO_OK) {
        unexpected(status, &fault);
    }
}

/* Calls that must be refused. */
static void refusals(void) {
    uint8_t damaged[2048];
    const struct blob *blob = &blobs[EYERISS][DS_CNN][KCP_WS];
    maestrino_network network = MAESTRINO_INIT(maestrino_network);
    maestrino_network other = MAESTRINO_INIT(maestrino_network);
    maestrino_hardware hardware = MAESTRINO_INIT(maestrino_hardware);
    maestrino_total total = MAESTRINO_INIT(maestrino_total);
    maestrino_fault fault = MAESTRINO_INIT(maestrino_fault);

    if (blob->length > sizeof damaged) {
        failures++;
        return;
    }
    put("\nRefused\n  damaged by an update: ");
    for (uint32_t i = 0; i < blob->length; i++) {
        damaged[i] = blob->data[i];
    }
    damaged[blob->length / 2] ^= 1;
    maestrino_status status = maestrino_network_open(damaged, blob->length, &network, &fault);
    failures += status == MAESTRINO_OK;
    put_fault(status, &fault);

    put("  of an older program: ");
    damaged[blob->length / 2] ^= 1;
    damaged[4] = 1;
    status = maestrino_network_open(damaged, blob->length, &network, &fault);
    failures += status != MAESTRINO_BLOB_VERSION;
    put_fault(status, &fault);

    put("  cut short: ");
    status = maestrino_network_open(blob->data, blob->length - 1, &network, &fault);
    failures += status == MAESTRINO_OK;
    put_fault(status, &fault);

    put("  compiled for eyeriss, run on edge16: ");
    status = maestrino_network_open(blob->data, blob->length, &network, &fault);
    if (status == MAESTRINO_OK) {
        blob = &blobs[EDGE16][DS_CNN][KCP_WS];
        status = maestrino_network_open(blob->data, blob->length, &other, &fault);
    }
    if (status == MAESTRINO_OK) {
        status = maestrino_network_hardware(&other, &hardware);
    }
    if (status == MAESTRINO_OK) {
        status = maestrino_estimate_network(&network, &hardware, NULL, NULL, NULL, &total, &fault);
    }
    failures += status != MAESTRINO_OTHER_ACCELERATOR;
    put_fault(status, &fault);

    put("  a struct that nobody has told its size: ");
    total.struct_size = 0;
    status = maestrino_estimate_network(&network, NULL, NULL, NULL, NULL, &total, &fault);
    failures += status != MAESTRINO_BAD_STRUCT_SIZE;
    put(maestrino_status_text(status));
    put("\n");
}

int report(void) {
    failures = 0;
    check_interface();
    put("\nEvery layer: FNV-1a of all integers and of the bits of all doubles of its cost; its cycles\n");
    for (int a = 0; a < ACCELERATORS; a++) {
        for (int n = 0; n < NETWORKS; n++) {
            for (int d = 0; d < DATAFLOWS; d++) {
                put_network(&blobs[a][n][d], accelerator_names[a], dataflow_names[d]);
            }
        }
    }
    scenario();
    mappings();
    refusals();
    put(failures == 0 ? "\nAll as expected.\n" : "\nNOT AS EXPECTED.\n");
    return failures;
}
