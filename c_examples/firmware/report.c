/*
 * The report: the cost of every layer of every blob, and a scenario of a device that runs out of power.
 *
 * It is compared between boards and with the PC, so that it must hold nothing that depends on where it runs.
 */
#include "report.h"

#include "print.h"

/* As `maestrino list accelerators` tells them. */
const struct accelerator accelerators[ACCELERATORS] = {
    [EDGE16] = {"edge16",
                {.pes = 16,
                 .simd_lanes = 1,
                 .l1_bytes = 256,
                 .l2_bytes = 65536,
                 .noc_bandwidth = 16,
                 .noc_latency = 1,
                 .offchip_bandwidth = 4}},
    [EYERISS] = {"eyeriss",
                 {.pes = 168,
                  .simd_lanes = 1,
                  .l1_bytes = 512,
                  .l2_bytes = 110592,
                  .noc_bandwidth = 64,
                  .noc_latency = 2,
                  .offchip_bandwidth = 16}},
    [STUDY] = {"study",
               {.pes = 256,
                .simd_lanes = 1,
                .l1_bytes = 100,
                .l2_bytes = 3000,
                .noc_bandwidth = 1000,
                .noc_latency = 1,
                .offchip_bandwidth = 50}},
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

/* FNV-1a of 64-bit numbers, least significant byte first on every machine. */
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
enum { NUMBERS = 27 };
typedef char cost_has_27_numbers[sizeof(maestrino_cost) == NUMBERS * sizeof(uint64_t) ? 1 : -1];

/* A hash of every integer of a cost and of the bits of every double, in the order of maestrino.h. */
static uint64_t cost_hash(const maestrino_cost *cost) {
    const maestrino_accesses *input = &cost->input, *filter = &cost->filter, *output = &cost->output;
    const uint64_t numbers[NUMBERS] = {
        cost->cycles,
        cost->bound_cycles[MAESTRINO_BOUND_COMPUTE],
        cost->bound_cycles[MAESTRINO_BOUND_NOC_IN],
        cost->bound_cycles[MAESTRINO_BOUND_NOC_OUT],
        cost->bound_cycles[MAESTRINO_BOUND_OFFCHIP],
        cost->operations,
        input->l1_read,
        input->l1_write,
        input->l2_read,
        input->l2_write,
        filter->l1_read,
        filter->l1_write,
        filter->l2_read,
        filter->l2_write,
        output->l1_read,
        output->l1_write,
        output->l2_read,
        output->l2_write,
        cost->l1_bytes,
        cost->l2_bytes,
        cost->noc_peak,
        cost->offchip,
        bits(cost->noc_average),
        bits(cost->active_pes),
        bits(cost->mac_nj),
        bits(cost->l1_nj),
        bits(cost->l2_nj),
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

/* Tells about a failure that nothing here should cause. */
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

static void put_network(const struct blob *blob, const struct accelerator *accelerator, const char *dataflow) {
    maestrino_network network;
    maestrino_total total;
    maestrino_fault fault;

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
    put(accelerator->name);
    put("\n");
    status = maestrino_estimate_network(&network, &accelerator->hardware, NULL, put_layer, NULL, &total, &fault);
    if (status != MAESTRINO_OK) {
        unexpected(status, &fault);
        return;
    }
    put_count("  total: layers ", total.layers);
    put_count(", cycles ", total.cycles);
    put_count(", operations ", total.operations);
    put_count(", L1 ", total.l1_bytes);
    put_count(" B, L2 ", total.l2_bytes);
    put(" B\n  total: nJ, as bits: MACs ");
    put_hex(bits(total.mac_nj));
    put(", L1 ");
    put_hex(bits(total.l1_nj));
    put(", L2 ");
    put_hex(bits(total.l2_nj));
    put("\n");
}

/* Whether the library and the header that this was compiled with belong together. */
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
    };
    int agree = maestrino_abi_version() == MAESTRINO_ABI_VERSION;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        agree = agree && maestrino_struct_size((int32_t)i) == sizes[i];
    }
    failures += !agree;
    put(agree ? "Library and header agree.\n" : "LIBRARY AND HEADER DISAGREE.\n");
}

/* What the device would like to run, best first. */
enum { WISHES = 3 };

/* Chooses a network and tells what came of it. */
static void choose(const char *when, const maestrino_network *wishes, const maestrino_hardware *hardware,
                   uint32_t clock_hz, uint64_t deadline_us) {
    uint32_t index;
    uint64_t us;
    maestrino_total total;
    maestrino_fault fault;

    put("\n");
    put(when);
    put_count(": ", clock_hz / 1000000);
    put_count(" MHz, NoC ", hardware->noc_bandwidth);
    put_count(" and off-chip ", hardware->offchip_bandwidth);
    put_count(" elements/cycle; deadline ", deadline_us);
    put(" us\n");
    maestrino_status status =
        maestrino_choose_network(wishes, WISHES, hardware, clock_hz, deadline_us, &index, &total, &fault);
    if (status != MAESTRINO_OK && status != MAESTRINO_DEADLINE_MISSED) {
        unexpected(status, &fault);
        return;
    }
    /* The choice is made. The rest shows how close it was: those that were passed over, and the chosen one. */
    for (uint32_t i = 0; i < WISHES; i++) {
        status = maestrino_estimate_network(&wishes[i], hardware, NULL, NULL, NULL, &total, &fault);
        if (status == MAESTRINO_OK) {
            status = maestrino_cycles_to_us(total.cycles, clock_hz, &us);
        }
        if (status != MAESTRINO_OK) {
            unexpected(status, &fault);
            return;
        }
        put(i == index ? "  -> " : "     ");
        put_name(wishes[i].name, wishes[i].name_length, 20);
        put_count(" ", us);
        put(us <= deadline_us ? " us\n" : " us, too slow\n");
    }
}

/* A battery camera: it would tell objects apart, else find people, else at least listen for its keywords. */
static void scenario(void) {
    static const int wanted[WISHES] = {RESNET8, MOBILENET_V1_025_VWW, DS_CNN};
    maestrino_network wishes[WISHES];
    maestrino_hardware hardware = accelerators[EDGE16].hardware;
    maestrino_fault fault;

    put("\nScenario: a battery camera with the accelerator edge16\n");
    for (int i = 0; i < WISHES; i++) {
        const struct blob *blob = &blobs[EDGE16][wanted[i]][YKP_OS];
        maestrino_status status = maestrino_network_open(blob->data, blob->length, &wishes[i], &fault);
        if (status != MAESTRINO_OK) {
            unexpected(status, &fault);
            return;
        }
    }
    choose("Charged", wishes, &hardware, 200000000, 100000);
    hardware.noc_bandwidth = 4;
    hardware.offchip_bandwidth = 1;
    choose("Battery saver", wishes, &hardware, 100000000, 100000);
    choose("Battery nearly empty", wishes, &hardware, 10000000, 100000);
}

/* What must not work. */
static void refusals(void) {
    uint8_t damaged[512];
    const struct blob *blob = &blobs[STUDY][DS_CNN][KCP_WS];
    maestrino_network network;
    maestrino_total total;
    maestrino_fault fault;

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

    put("  cut short: ");
    status = maestrino_network_open(blob->data, blob->length - 1, &network, &fault);
    failures += status == MAESTRINO_OK;
    put_fault(status, &fault);

    put("  compiled for study, run on edge16: ");
    status = maestrino_network_open(blob->data, blob->length, &network, &fault);
    if (status == MAESTRINO_OK) {
        status = maestrino_estimate_network(&network, &accelerators[EDGE16].hardware, NULL, NULL, NULL, &total, &fault);
    }
    failures += status == MAESTRINO_OK;
    put_fault(status, &fault);
}

int report(void) {
    failures = 0;
    check_interface();
    put("\nEvery layer: FNV-1a of all integers and of the bits of all doubles of its cost; its cycles\n");
    for (int a = 0; a < ACCELERATORS; a++) {
        for (int n = 0; n < NETWORKS; n++) {
            for (int d = 0; d < DATAFLOWS; d++) {
                put_network(&blobs[a][n][d], &accelerators[a], dataflow_names[d]);
            }
        }
    }
    scenario();
    refusals();
    put(failures == 0 ? "\nAll as expected.\n" : "\nNOT AS EXPECTED.\n");
    return failures;
}
