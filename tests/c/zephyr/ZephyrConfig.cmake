# A stand-in for Zephyr, which is no package of any registry: an application, its prj.conf, modules, and the one function
# that ours calls. BOARD_CONFIG is what Kconfig knows of the board.
add_library(zephyr_interface INTERFACE)
target_include_directories(zephyr_interface INTERFACE ${CMAKE_CURRENT_LIST_DIR})
add_executable(app)
set_target_properties(app PROPERTIES OUTPUT_NAME verdict.elf)
target_link_libraries(app PRIVATE zephyr_interface)

function(zephyr_link_libraries)
    target_link_libraries(zephyr_interface INTERFACE ${ARGV})
endfunction()

file(STRINGS ${CMAKE_SOURCE_DIR}/prj.conf _lines REGEX "^CONFIG_")
foreach(_line IN LISTS _lines BOARD_CONFIG)
    string(REGEX MATCH "^([A-Z0-9_]+)=(.*)$" _ "${_line}")
    set(${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
endforeach()
# The languages come with the project, after Zephyr's package.
enable_language(C)
foreach(_module IN LISTS ZEPHYR_EXTRA_MODULES)
    file(STRINGS ${_module}/zephyr/module.yml _cmake REGEX "^  cmake: ")
    string(REPLACE "  cmake: " "" _cmake "${_cmake}")
    add_subdirectory(${_module}/${_cmake} ${CMAKE_BINARY_DIR}/modules/maestrino)
endforeach()
