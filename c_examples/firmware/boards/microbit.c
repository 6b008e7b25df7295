/* The Cortex-M0 of the micro:bit (nRF51822). It has no SysTick timer, so TIMER0 counts at 16 MHz. */
#include "board.h"

#define TIMER0(offset) (*(volatile uint32_t *)(0x40008000 + (offset)))
#define TASKS_START TIMER0(0x000)
#define TASKS_CLEAR TIMER0(0x00c)
#define TASKS_CAPTURE TIMER0(0x040)
#define BITMODE TIMER0(0x508)
#define PRESCALER TIMER0(0x510)
#define CC TIMER0(0x540)

void board_count_start(void)
{
    BITMODE = 3; /* 32 bits: 268 s */
    PRESCALER = 0;
    TASKS_START = 1;
    TASKS_CLEAR = 1;
}

uint64_t board_count(void)
{
    TASKS_CAPTURE = 1;
    return CC * UINT64_C(125) / 2;
}
