/*
 * The firmware: prints the report, and the time and memory that the library takes on this board.
 *
 * Lines that begin with # depend on the board and are not compared.
 */
#include <stddef.h>

#include "board.h"
#include "print.h"
#include "report.h"

#define PAINT 0xa5c3965au

/* The lowest address of the stack, from the linker script. */
extern uint32_t board_stack_end[];

/* The stack pointer of the function into which this is inlined. */
static inline __attribute__((always_inline)) uint32_t *stack_pointer(void) {
    uint32_t *pointer;
#if defined(__arm__)
    __asm__ volatile("mov %0, sp" : "=r"(pointer));
#else
    __asm__ volatile("mv %0, sp" : "=r"(pointer)); /* RISC-V */
#endif
    return pointer;
}

/* Fills the free stack below `top`, the caller's stack pointer. It is inlined: it has no frame to overwrite. */
static inline __attribute__((always_inline)) void paint(uint32_t *top) {
    /* Volatile, so that the compiler does not turn the loop into a call of memset. */
    for (volatile uint32_t *word = board_stack_end; word < top; word++) {
        *word = PAINT;
    }
}

/* Bytes between `top` and the lowest word that was written to after paint(). */
static uint32_t high_water(const uint32_t *top) {
    const volatile uint32_t *word = board_stack_end;
    while (word < top && *word == PAINT) {
        word++;
    }
    return (uint32_t)((const char *)top - (const char *)word);
}

static uint32_t larger(uint32_t one, uint32_t other) {
    return one > other ? one : other;
}

static void put_stack(const char *function, uint32_t bytes) {
    put("# stack ");
    put(function);
    put(" ");
    put_number(bytes);
    put("\n");
}

/* Prints the stack that the library uses below its caller's frame. */
static void measure_stack(void) {
    uint32_t *top = stack_pointer();
    uint32_t opening = 0, estimating = 0, choosing = 0, reading = 0, index;
    uint64_t cycles;
    maestrino_network network = MAESTRINO_INIT(maestrino_network);
    maestrino_network_layer layer = MAESTRINO_INIT(maestrino_network_layer);
    maestrino_dataflow dataflow = MAESTRINO_INIT(maestrino_dataflow);
    maestrino_total total = MAESTRINO_INIT(maestrino_total);

    for (const struct blob *blob = blobs[0][0]; blob < blobs[0][0] + ACCELERATORS * NETWORKS * DATAFLOWS; blob++) {
        maestrino_cursor cursor = {0, 0};
        paint(top);
        maestrino_network_open(blob->data, blob->length, &network, NULL);
        opening = larger(opening, high_water(top));
        paint(top);
        maestrino_estimate_network(&network, NULL, NULL, NULL, NULL, &total, NULL);
        estimating = larger(estimating, high_water(top));
        paint(top);
        maestrino_choose_network(&network, 1, NULL, 1, &index, &total, NULL);
        choosing = larger(choosing, high_water(top));
        paint(top);
        maestrino_network_next(&network, &cursor, &layer);
        maestrino_network_dataflow(&network, layer.dataflow, &dataflow);
        reading = larger(reading, high_water(top));
    }
    maestrino_network_open(mapped.data, mapped.length, &network, NULL);
    paint(top);
    maestrino_choose_mapping(&network, 0, NULL, &index, &cycles, NULL);
    const uint32_t mapping = high_water(top);
    put_stack("maestrino_choose_mapping", mapping);
    put_stack("maestrino_network_open", opening);
    put_stack("maestrino_estimate_network", estimating);
    put_stack("maestrino_choose_network", choosing);
    put_stack("maestrino_network_dataflow", reading);
}

static void put_instructions(const char *what, uint64_t count) {
    put("# instructions ");
    put(what);
    put(" ");
    put_number(count);
    put("\n");
}

/* The number of instructions for each layer, in ascending order. On hardware, the numbers are nanoseconds. */
static uint32_t counts[1024];
static uint32_t count_of_counts;

static int32_t count_layer(void *user, uint32_t index, const maestrino_network_layer *layer,
                           const maestrino_cost *cost) {
    uint32_t count = (uint32_t)board_count(), place = count_of_counts;
    (void)user, (void)index, (void)layer, (void)cost;
    if (count_of_counts < sizeof counts / sizeof *counts) {
        for (; place > 0 && counts[place - 1] > count; place--) {
            counts[place] = counts[place - 1];
        }
        counts[place] = count;
        count_of_counts++;
    }
    board_count_start();
    return 0;
}

static void measure_instructions(void) {
    const struct blob *example = &blobs[EDGE16][DS_CNN][KCP_WS];
    maestrino_network network = MAESTRINO_INIT(maestrino_network);
    maestrino_total total = MAESTRINO_INIT(maestrino_total);
    uint64_t cycles;

    for (const struct blob *blob = blobs[0][0]; blob < blobs[0][0] + ACCELERATORS * NETWORKS * DATAFLOWS; blob++) {
        maestrino_network_open(blob->data, blob->length, &network, NULL);
        board_count_start();
        maestrino_estimate_network(&network, NULL, NULL, count_layer, NULL, &total, NULL);
    }
    put_instructions("layer-median", counts[count_of_counts / 2]);
    put_instructions("layer-worst", counts[count_of_counts - 1]);
    put_instructions("layers", count_of_counts);

    board_count_start();
    maestrino_network_open(example->data, example->length, &network, NULL);
    put_instructions("ds-cnn-open", board_count());
    board_count_start();
    maestrino_estimate_network(&network, NULL, NULL, NULL, NULL, &total, NULL);
    put_instructions("ds-cnn-estimate", board_count());

    maestrino_network_open(mapped.data, mapped.length, &network, NULL);
    board_count_start();
    for (uint32_t layer = 0, mapping; layer < network.layer_count; layer++) {
        maestrino_choose_mapping(&network, layer, NULL, &mapping, &cycles, NULL);
    }
    put_instructions("ds-cnn-choose-mappings", board_count());
}

#ifdef ANALYSIS
/* The whole analysis, if there is room for its stack. For each layer it must give the same cost as the blob. */
static int same_cost(const maestrino_cost *one, const maestrino_cost *other) {
    const uint32_t *words = (const uint32_t *)one, *others = (const uint32_t *)other;
    for (size_t i = 0; i < sizeof *one / sizeof *words; i++) {
        if (words[i] != others[i]) {
            return 0;
        }
    }
    return 1;
}

struct analysis {
    maestrino_network network;
    maestrino_hardware hardware;
    maestrino_energies energies;
    uint64_t instructions;
    uint32_t stack, layers, failures;
};

static int32_t analyse(void *user, uint32_t index, const maestrino_network_layer *layer, const maestrino_cost *told) {
    struct analysis *all = user;
    maestrino_dataflow dataflow = MAESTRINO_INIT(maestrino_dataflow);
    maestrino_cost cost = MAESTRINO_INIT(maestrino_cost);
    (void)index;
    all->failures += maestrino_network_dataflow(&all->network, layer->dataflow, &dataflow) != MAESTRINO_OK;
    uint32_t *top = stack_pointer();
    paint(top);
    board_count_start();
    all->failures += maestrino_estimate_layer(&layer->layer, &dataflow, &all->hardware, &all->energies, &cost, NULL) !=
                     MAESTRINO_OK;
    all->instructions += board_count();
    all->stack = larger(all->stack, high_water(top));
    all->failures += !same_cost(told, &cost);
    all->layers++;
    return 0;
}

static uint32_t measure_analysis(void) {
    struct analysis all = {MAESTRINO_INIT(maestrino_network), MAESTRINO_INIT(maestrino_hardware),
                           MAESTRINO_INIT(maestrino_energies), 0, 0, 0, 0};
    maestrino_total total = MAESTRINO_INIT(maestrino_total);
    for (const struct blob *blob = blobs[0][0]; blob < blobs[0][0] + ACCELERATORS * NETWORKS * DATAFLOWS; blob++) {
        all.failures += maestrino_network_open(blob->data, blob->length, &all.network, NULL) != MAESTRINO_OK ||
                        maestrino_network_hardware(&all.network, &all.hardware) != MAESTRINO_OK ||
                        maestrino_network_energies(&all.network, &all.energies) != MAESTRINO_OK ||
                        maestrino_estimate_network(&all.network, NULL, NULL, analyse, &all, &total, NULL) !=
                            MAESTRINO_OK;
        if (blob == &blobs[EDGE16][DS_CNN][KCP_WS]) {
            put_instructions("ds-cnn-analysis", all.instructions);
        }
    }
    put_stack("maestrino_estimate_layer", all.stack);
    put_instructions("layers-analysed", all.layers);
    return all.failures;
}
#else
static uint32_t measure_analysis(void) {
    return 0;
}
#endif

/* Shows that the start-up code has copied .data to RAM. */
static volatile uint32_t initialised = PAINT;

int main(void) {
    int failed = report() != 0 || initialised != PAINT;
    measure_stack();
    measure_instructions();
    return failed || measure_analysis() != 0;
}
