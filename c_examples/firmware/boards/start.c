/* From reset to main, once there is a stack. */
#include "start.h"

#include "board.h"

/* From the linker script. */
extern uint32_t data_start[], data_end[], data_in_flash[], bss_start[], bss_end[];

int main(void);

void start(void)
{
    const uint32_t *from = data_in_flash;
    for (uint32_t *to = data_start; to < data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = bss_start; to < bss_end; to++) {
        *to = 0;
    }
    board_exit(main());
}

void crash(void)
{
    board_write("CRASH: unexpected exception\n");
    board_exit(1);
}

void board_write(const char *text)
{
    semihosting(SYS_WRITE0, (uintptr_t)text);
}

void board_exit(int failed)
{
    const uintptr_t application_exit = 0x20026, run_time_error = 0x20023;
    for (;;) {
        semihosting(SYS_EXIT, failed ? run_time_error : application_exit);
    }
}
