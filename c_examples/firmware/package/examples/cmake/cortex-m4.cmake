# Cortex-M4F with picolibc, which includes start-up code: QEMU's board mps2-an386.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_C_FLAGS_INIT "-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 -Os --specs=picolibc.specs")
set(CMAKE_EXE_LINKER_FLAGS_INIT "--oslib=semihost --crt0=hosted -Wl,--gc-sections \
-Wl,--defsym=__flash=0,--defsym=__flash_size=256K,--defsym=__ram=0x20000000,--defsym=__ram_size=64K,--defsym=__stack_size=8K")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
