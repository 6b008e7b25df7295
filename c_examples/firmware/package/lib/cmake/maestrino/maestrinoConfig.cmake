# find_package(maestrino CONFIG) defines maestrino::maestrino, the static library for the processor in CMAKE_C_FLAGS, which
# toolchain files set. If such flags are set later, set MAESTRINO_LIBRARY to a folder of src/ first.
get_filename_component(_maestrino_root "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

if(MAESTRINO_LIBRARY)
    set(_maestrino_library "${MAESTRINO_LIBRARY}")
else()
    separate_arguments(_maestrino_flags UNIX_COMMAND "${CMAKE_C_FLAGS}")
    if(CMAKE_C_COMPILER_TARGET)
        list(APPEND _maestrino_flags "--target=${CMAKE_C_COMPILER_TARGET}")
    endif()
    execute_process(
        COMMAND "${CMAKE_C_COMPILER}" ${_maestrino_flags} -E -P "${_maestrino_root}/processor.h"
        OUTPUT_VARIABLE _maestrino_library OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    string(STRIP "${_maestrino_library}" _maestrino_library)
endif()

if(NOT EXISTS "${_maestrino_root}/src/${_maestrino_library}/libmaestrino.a")
    set(maestrino_FOUND FALSE)
    set(maestrino_NOT_FOUND_MESSAGE
        "no library for this processor ('${_maestrino_library}', by processor.h from CMAKE_C_FLAGS '${CMAKE_C_FLAGS}'): \
set MAESTRINO_LIBRARY to a folder of ${_maestrino_root}/src, or add one with c_examples/firmware/package.sh")
elseif(NOT TARGET maestrino::maestrino)
    add_library(maestrino::maestrino STATIC IMPORTED GLOBAL)
    set_target_properties(maestrino::maestrino PROPERTIES
        IMPORTED_LOCATION "${_maestrino_root}/src/${_maestrino_library}/libmaestrino.a"
        INTERFACE_INCLUDE_DIRECTORIES "${_maestrino_root}/src")
endif()

unset(_maestrino_flags)
unset(_maestrino_library)
unset(_maestrino_root)
