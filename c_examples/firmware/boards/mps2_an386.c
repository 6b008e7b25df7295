/* The Cortex-M4F of the MPS2 board with FPGA image AN386. The SysTick timer counts at 25 MHz. */
#include "board.h"

#define SYST_CSR (*(volatile uint32_t *)0xe000e010)
#define SYST_RVR (*(volatile uint32_t *)0xe000e014)
#define SYST_CVR (*(volatile uint32_t *)0xe000e018)

/* The timer counts down and has 24 bits, which last for 0.67 s. */
#define RELOAD 0xffffffu

void board_count_start(void)
{
    SYST_RVR = RELOAD;
    SYST_CVR = 0; /* any value clears it */
    SYST_CSR = 5; /* enable, processor clock, no interrupt */
}

uint64_t board_count(void)
{
    return (RELOAD - SYST_CVR) * UINT64_C(40);
}
