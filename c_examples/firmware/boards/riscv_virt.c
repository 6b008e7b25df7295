/* RISC-V: QEMU's board "virt". Its first hart starts here in machine mode. */
#include "board.h"
#include "start.h"

/* The entry point. It sets the stack pointer first. Traps go to `crash`: mtvec requires a multiple of 4. */
__attribute__((section(".start"), naked)) void reset(void)
{
    __asm__ volatile("la sp, board_stack_top\n\t"
                     "la t0, trap\n\t"
                     "csrw mtvec, t0\n\t"
                     "j start");
}

__attribute__((aligned(4), used, noreturn)) static void trap(void)
{
    crash();
}

/* The two shifts around ebreak, which do nothing, tell a semihosting call from a breakpoint; none may be compressed. */
__attribute__((naked, aligned(16))) void semihosting(uintptr_t operation, uintptr_t parameter)
{
    (void)operation;
    (void)parameter;
    __asm__ volatile(".option push\n\t"
                     ".option norvc\n\t"
                     "slli x0, x0, 0x1f\n\t"
                     "ebreak\n\t"
                     "srai x0, x0, 7\n\t"
                     "ret\n\t"
                     ".option pop");
}

static uint32_t started;

static uint32_t instructions(void)
{
    uint32_t count;
    __asm__ volatile("csrr %0, minstret" : "=r"(count));
    return count;
}

void board_count_start(void)
{
    started = instructions();
}

uint64_t board_count(void)
{
    return instructions() - started;
}
