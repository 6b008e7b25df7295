/* As much of Zephyr as its example needs: C's printf. */
#include <inttypes.h>
#include <stdio.h>
#define printk printf
