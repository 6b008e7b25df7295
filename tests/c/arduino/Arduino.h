/* As much of an Arduino core as a sketch needs that prints: C's printf. */
#ifndef ARDUINO_H
#define ARDUINO_H

#include <stdint.h>
#include <stdio.h>

struct StandIn {
    void begin(unsigned long) {}
    void print(const char *text) { printf("%s", text); }
    void println(unsigned long number) { printf("%lu\n", number); }
};
static StandIn Serial;

void setup();
void loop();

/* The sketch is all of the program: the core calls it. */
int main() {
    setup();
    loop();
    return 0;
}

#endif
