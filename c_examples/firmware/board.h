/* What a board offers. The PC (host.c) is one that can only write. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

/* Writes terminated text to the debugger. */
void board_write(const char *text);

/* Ends the program. */
void board_exit(int failed) __attribute__((noreturn));

/* Starts counting, from 0. */
void board_count_start(void);

/* Nanoseconds since then. QEMU with `-icount shift=0` takes one for each instruction. */
uint64_t board_count(void);

#endif
