/*
 * Not to be included. A compiler that preprocesses this file (-E -P) prints the folder of src/ with the library for the
 * processor and the calling convention of its flags.
 */
#if defined(__ARM_ARCH_7EM__) || (defined(__ARM_ARCH_8M_MAIN__) && defined(__ARM_FEATURE_DSP))
#ifdef __ARM_PCS_VFP
cortex-m4/fpv4-sp-d16-hard
#else
cortex-m4
#endif
#elif !defined(__ARM_PCS_VFP) && (defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_7M__) || \
                                  defined(__ARM_ARCH_8M_BASE__) || defined(__ARM_ARCH_8M_MAIN__))
cortex-m0plus
#elif defined(__riscv_mul) && defined(__riscv_compressed) && defined(__riscv_float_abi_soft) && \
    __riscv_xlen == 32 && !defined(__riscv_32e)
esp32c3
#else
unknown
#endif
