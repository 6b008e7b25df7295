/* Start-up code for any Cortex-M. */
#include "start.h"

extern uint32_t board_stack_top[]; /* from the linker script */

/* The entry point. The core has already loaded the stack pointer from the vector table. */
void reset(void) __attribute__((noreturn));

void reset(void)
{
#if defined(__ARM_FP)
    /* Enables coprocessors 10 and 11 (the FPU) before the first instruction that uses them. */
    volatile uint32_t *cpacr = (volatile uint32_t *)0xe000ed88;
    *cpacr |= 0xfu << 20;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
    start();
}

/* The first entries of the vector table, which are the same for all Cortex-M. Interrupts are never enabled. */
__attribute__((section(".start"), used)) static const struct {
    uint32_t *stack_top;
    void (*reset)(void);
    void (*exceptions[14])(void);
} vectors = {
    board_stack_top,
    reset,
    {crash, crash, crash, crash, crash, crash, crash, crash, crash, crash, crash, crash, crash, crash},
};

/* In assembly, because the debugger expects operation and parameter in r0 and r1. */
__attribute__((naked)) void semihosting(uintptr_t operation, uintptr_t parameter)
{
    (void)operation;
    (void)parameter;
    __asm__ volatile("bkpt 0xab\n\tbx lr");
}
