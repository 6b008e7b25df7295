/* The functions of a board. The PC (host.c) has only board_write. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

/* Writes terminated text to the debugger. */
void board_write(const char *text);

/* Ends the program. */
void board_exit(int failed) __attribute__((noreturn));

/* Starts counting from 0. */
void board_count_start(void);

/* Nanoseconds since board_count_start. QEMU with `-icount shift=0` counts one for each instruction. */
uint64_t board_count(void);

#endif
