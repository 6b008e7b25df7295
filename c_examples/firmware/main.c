/*
 * The firmware: the report, and what it costs this board.
 *
 * Lines that begin with # differ from board to board and are not compared.
 */
#include <stddef.h>

#include "board.h"
#include "print.h"
#include "report.h"

#define PAINT 0xa5c3965au

/* The lowest address of the stack, from the linker script. */
extern uint32_t board_stack_end[];

/* The stack pointer of the function that this becomes part of. */
static inline __attribute__((always_inline)) uint32_t *stack_pointer(void) {
    uint32_t *pointer;
#if defined(__arm__)
    __asm__ volatile("mov %0, sp" : "=r"(pointer));
#else
    __asm__ volatile("mv %0, sp" : "=r"(pointer)); /* RISC-V */
#endif
    return pointer;
}

/* Fills the free stack below `top`, the caller's stack pointer. Part of the caller: it has no frame to overwrite. */
static inline __attribute__((always_inline)) void paint(uint32_t *top) {
    /* Volatile, so that no call to memset takes its place. */
    for (volatile uint32_t *word = board_stack_end; word < top; word++) {
        *word = PAINT;
    }
}

/* Bytes between `top` and the lowest word that has been written to since. */
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

/* Stack that the library takes below its caller's. */
static void measure_stack(void) {
    uint32_t *top = stack_pointer();
    uint32_t opening = 0, estimating = 0, choosing = 0, reading = 0, layering = 0, index;
    maestrino_network network;
    maestrino_network_layer layer;
    maestrino_dataflow dataflow;
    maestrino_total total;
    maestrino_cost cost;

    for (int a = 0; a < ACCELERATORS; a++) {
        const maestrino_hardware *hardware = &accelerators[a].hardware;
        for (const struct blob *blob = blobs[a][0]; blob < blobs[a][0] + NETWORKS * DATAFLOWS; blob++) {
            maestrino_cursor cursor = {0, 0};
            paint(top);
            maestrino_network_open(blob->data, blob->length, &network, NULL);
            opening = larger(opening, high_water(top));
            paint(top);
            maestrino_estimate_network(&network, hardware, NULL, NULL, NULL, &total, NULL);
            estimating = larger(estimating, high_water(top));
            paint(top);
            maestrino_choose_network(&network, 1, hardware, 1000000, 1, &index, &total, NULL);
            choosing = larger(choosing, high_water(top));
            paint(top);
            maestrino_network_next(&network, &cursor, &layer);
            maestrino_network_dataflow(&network, layer.dataflow, &dataflow);
            reading = larger(reading, high_water(top));
            paint(top);
            maestrino_estimate_layer(&layer.layer, &dataflow, hardware, NULL, &cost, NULL);
            layering = larger(layering, high_water(top));
        }
    }
    put_stack("maestrino_network_open", opening);
    put_stack("maestrino_estimate_network", estimating);
    put_stack("maestrino_choose_network", choosing);
    put_stack("maestrino_network_dataflow", reading);
    put_stack("maestrino_estimate_layer", layering);
}

static void put_instructions(const char *what, uint64_t count) {
    put("# instructions ");
    put(what);
    put(" ");
    put_number(count);
    put("\n");
}

/* Instructions that each layer takes, in ascending order. On hardware, which counts none, read nanoseconds. */
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
    const struct blob *example = &blobs[STUDY][DS_CNN][KCP_WS];
    const maestrino_hardware *study = &accelerators[STUDY].hardware;
    maestrino_network network;
    maestrino_total total;

    for (int a = 0; a < ACCELERATORS; a++) {
        for (const struct blob *blob = blobs[a][0]; blob < blobs[a][0] + NETWORKS * DATAFLOWS; blob++) {
            maestrino_network_open(blob->data, blob->length, &network, NULL);
            board_count_start();
            maestrino_estimate_network(&network, &accelerators[a].hardware, NULL, count_layer, NULL, &total, NULL);
        }
    }
    put_instructions("layer-median", counts[count_of_counts / 2]);
    put_instructions("layer-worst", counts[count_of_counts - 1]);
    put_instructions("layers", count_of_counts);

    board_count_start();
    maestrino_network_open(example->data, example->length, &network, NULL);
    put_instructions("ds-cnn-open", board_count());
    board_count_start();
    maestrino_estimate_network(&network, study, NULL, NULL, NULL, &total, NULL);
    put_instructions("ds-cnn-estimate", board_count());
}

/* Proves that the start-up code has copied .data to RAM. */
static volatile uint32_t initialised = PAINT;

int main(void) {
    int failed = report() != 0 || initialised != PAINT;
    measure_stack();
    measure_instructions();
    return failed;
}
