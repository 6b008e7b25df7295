# Cortex-M0 with picolibc, which includes start-up code: QEMU's board microbit.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_C_FLAGS_INIT "-mcpu=cortex-m0 -mthumb -Os --specs=picolibc.specs")
set(CMAKE_EXE_LINKER_FLAGS_INIT "--oslib=semihost --crt0=hosted -Wl,--gc-sections \
-Wl,--defsym=__flash=0,--defsym=__flash_size=256K,--defsym=__ram=0x20000000,--defsym=__ram_size=16K,--defsym=__stack_size=8K")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
