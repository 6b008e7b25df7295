# RV32IMC with picolibc, which includes start-up code: QEMU's board virt.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv32)
set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_C_FLAGS_INIT "-march=rv32imc -mabi=ilp32 -Os --specs=picolibc.specs")
set(CMAKE_EXE_LINKER_FLAGS_INIT "--oslib=semihost --crt0=hosted -Wl,--gc-sections \
-Wl,--defsym=__flash=0x80000000,--defsym=__flash_size=256K,--defsym=__ram=0x80100000,--defsym=__ram_size=64K,--defsym=__stack_size=8K")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
