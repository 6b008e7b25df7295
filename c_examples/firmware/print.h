/* Printing without stdio. Each line is passed to board_write. */
#ifndef PRINT_H
#define PRINT_H

#include <stddef.h>
#include <stdint.h>

void put(const char *text);

/* Prints text that is not terminated, like the names in a network blob, padded with blanks to `width` characters. */
void put_name(const char *name, size_t length, size_t width);

void put_number(uint64_t number);

/* Prints all 16 digits. */
void put_hex(uint64_t number);

#endif
