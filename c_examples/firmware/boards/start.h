/* Declarations that the start-up files of the boards share. */
#ifndef START_H
#define START_H

#include <stdint.h>

/* Semihosting: the program asks the debugger, or the emulator, to do something. */
enum { SYS_WRITE0 = 0x04, SYS_EXIT = 0x18 };
void semihosting(uintptr_t operation, uintptr_t parameter);

/* Prepares memory and calls main. */
void start(void) __attribute__((noreturn));

/* The handler of every unexpected exception. */
void crash(void) __attribute__((noreturn));

#endif
