/* Printing without stdio: a line at a time, to whatever board_write writes to. */
#ifndef PRINT_H
#define PRINT_H

#include <stddef.h>
#include <stdint.h>

void put(const char *text);

/* Text that is not terminated, as names in a network blob are, filled up with blanks to `width` characters. */
void put_name(const char *name, size_t length, size_t width);

void put_number(uint64_t number);

/* All 16 digits. */
void put_hex(uint64_t number);

#endif
