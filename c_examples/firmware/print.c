#include "print.h"

#include "board.h"

static char line[128];
static size_t used;

static void put_char(char character) {
    line[used++] = character;
    if (character == '\n' || used == sizeof line - 1) {
        line[used] = '\0';
        used = 0;
        board_write(line);
    }
}

void put(const char *text) {
    while (*text != '\0') {
        put_char(*text++);
    }
}

void put_name(const char *name, size_t length, size_t width) {
    for (size_t i = 0; i < length; i++) {
        put_char(name[i]);
    }
    for (size_t i = length; i < width; i++) {
        put_char(' ');
    }
}

void put_number(uint64_t number) {
    char digits[21]; /* UINT64_MAX has 20 */
    size_t first = sizeof digits - 1;
    digits[first] = '\0';
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    put(digits + first);
}

void put_hex(uint64_t number) {
    for (int shift = 60; shift >= 0; shift -= 4) {
        put_char("0123456789abcdef"[number >> shift & 15]);
    }
}
