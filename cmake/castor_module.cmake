# castor_module(<name> [USES <module>...] [LINK <target>...])
#
# Makes the folder it is called in a module. Sources are found by their names, in the folder and in
# its subfolders except those that have a CMakeLists.txt of their own:
#
#   *_test.cpp    one GoogleTest executable <name>_test, run by ctest
#   *_bench.cpp   one Google Benchmark executable <name>_bench, not built by default
#   main.cpp      left to castor_program()
#   plugin.cpp    left to castor_plugin()
#   other *.cpp   the static library castor_<name> (an INTERFACE library when there is none)
#
# '/' in <name> becomes '_' in target names: format/json gives castor_format_json and
# format_json_test. USES names modules, LINK third-party targets; both are linked PUBLIC. Includes are
# written from engine/ (#include "column/batch.h"), those of a module outside engine/ from the top. USES
# is checked against cmake/modules.txt. Tests are built by the target `tests` and benchmarks by
# `benches`, neither by default: a user's first build should not wait for them. A dependency of the test
# alone is added by target_link_libraries(<name>_test ...) after the call.
#
# castor_program(<executable> [SOURCES <file>...] [USES <module>...] [LINK <target>...])
#
# An executable in <build folder>/bin, by default from the folder's main.cpp.
#
# castor_plugin(<name> USES <module>...)
#
# <build folder>/lib/castor/<name>.so from the folder's plugin.cpp: a part of a program that is loaded when
# it is needed. The program exports its symbols (ENABLE_EXPORTS), which take the place of the plugin's own,
# so that both share their state.

set(CASTOR_MODULES_FILE "${CMAKE_SOURCE_DIR}/cmake/modules.txt")
set_property(DIRECTORY "${CMAKE_SOURCE_DIR}" APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
             "${CASTOR_MODULES_FILE}")

# CASTOR_RULES: the module patterns in order; CASTOR_RULE_<pattern>: what each may use.
file(STRINGS "${CASTOR_MODULES_FILE}" lines REGEX "^[a-z]")
set(CASTOR_RULES "")
foreach(line IN LISTS lines)
  if(NOT line MATCHES "^([a-z_/*-]+) *:(.*)$")
    message(FATAL_ERROR "${CASTOR_MODULES_FILE}: cannot read '${line}'")
  endif()
  list(APPEND CASTOR_RULES "${CMAKE_MATCH_1}")
  separate_arguments(uses UNIX_COMMAND "${CMAKE_MATCH_2}")
  set("CASTOR_RULE_${CMAKE_MATCH_1}" "${uses}")
endforeach()

# The pattern whose line governs a module: its own, or that of its siblings.
function(castor_rule_of module out)
  cmake_path(GET module PARENT_PATH parent)
  if(module IN_LIST CASTOR_RULES)
    set(${out} "${module}" PARENT_SCOPE)
  elseif("${parent}/*" IN_LIST CASTOR_RULES)
    set(${out} "${parent}/*" PARENT_SCOPE)
  else()
    message(FATAL_ERROR "module '${module}' has no line in ${CASTOR_MODULES_FILE}")
  endif()
endfunction()

# Everything a rule may use, directly or through what it uses.
function(castor_reachable rule out)
  set(reachable "")
  set(open "${CASTOR_RULE_${rule}}")
  while(open)
    list(POP_FRONT open next)
    if(NOT next IN_LIST reachable)
      list(APPEND reachable "${next}")
      list(APPEND open ${CASTOR_RULE_${next}})
    endif()
  endwhile()
  set(${out} "${reachable}" PARENT_SCOPE)
endfunction()

function(castor_check_uses module)
  castor_rule_of("${module}" rule)
  castor_reachable("${rule}" reachable)
  foreach(used IN LISTS ARGN)
    castor_rule_of("${used}" used_rule)
    if(NOT "*" IN_LIST reachable AND NOT used_rule IN_LIST reachable)
      message(FATAL_ERROR "module '${module}' may not use '${used}' (${CASTOR_MODULES_FILE})")
    endif()
  endforeach()
endfunction()

# Adds every module folder below engine/ that has a CMakeLists.txt, in the order of modules.txt.
function(castor_add_modules)
  set(root "${CMAKE_CURRENT_SOURCE_DIR}")
  foreach(rule IN LISTS CASTOR_RULES)
    file(GLOB files CONFIGURE_DEPENDS RELATIVE "${root}" "${root}/${rule}/CMakeLists.txt")
    list(SORT files)
    foreach(file IN LISTS files)
      cmake_path(GET file PARENT_PATH folder)
      castor_rule_of("${folder}" own_rule)
      if(own_rule STREQUAL rule)
        add_subdirectory("${folder}")
      endif()
    endforeach()
    if(rule STREQUAL "connector/*")
      castor_add_outside_connectors()
    endif()
  endforeach()
endfunction()

# The .cpp files of the calling folder, without those of nested modules.
function(castor_module_sources out)
  set(root "${CMAKE_CURRENT_SOURCE_DIR}")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${root}/*.cpp")
  file(GLOB_RECURSE nested CONFIGURE_DEPENDS "${root}/*/CMakeLists.txt")
  foreach(file IN LISTS nested)
    cmake_path(GET file PARENT_PATH folder)
    list(FILTER sources EXCLUDE REGEX "^${folder}/")
  endforeach()
  list(FILTER sources EXCLUDE REGEX "/(main|plugin)\\.cpp$")
  set(${out} "${sources}" PARENT_SCOPE)
endfunction()

# The targets of modules and third-party libraries together, remembered for castor_finish(). A module
# whose folder does not exist yet is left out, so that a branch can build before its neighbours land;
# whoever includes one of its headers hears of it from the compiler.
function(castor_link_list out modules targets)
  set(links ${targets})
  foreach(module IN LISTS modules)
    string(REPLACE "/" "_" id "${module}")
    if(EXISTS "${CMAKE_SOURCE_DIR}/engine/${module}/CMakeLists.txt"
       OR EXISTS "${CMAKE_SOURCE_DIR}/${module}/CMakeLists.txt")
      list(APPEND links "castor_${id}")
    else()
      message(STATUS "Module ${module} does not exist; not linked")
    endif()
  endforeach()
  set_property(GLOBAL APPEND PROPERTY CASTOR_LINKED_TARGETS ${links})
  set(${out} "${links}" PARENT_SCOPE)
endfunction()

function(castor_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;LINK")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "castor_module(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  castor_check_uses("${name}" ${arg_USES})

  string(REPLACE "/" "_" id "${name}")
  set(library "castor_${id}")
  castor_link_list(links "${arg_USES}" "${arg_LINK}")

  castor_module_sources(sources)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  set(benches ${sources})
  list(FILTER benches INCLUDE REGEX "_bench\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_(test|bench)\\.cpp$")

  if(sources)
    add_library(${library} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(${library} INTERFACE)
    set(scope INTERFACE)
  endif()
  set(include_root "${CMAKE_SOURCE_DIR}/engine")
  cmake_path(IS_PREFIX include_root "${CMAKE_CURRENT_SOURCE_DIR}" in_engine)
  if(NOT in_engine)
    set(include_root "${CMAKE_SOURCE_DIR}")
  endif()
  target_include_directories(${library} ${scope} "${include_root}")
  target_link_libraries(${library} ${scope} ${links})

  if(tests)
    castor_add_test(${id}_test ${library} ${tests})
  endif()
  if(benches)
    add_executable(${id}_bench EXCLUDE_FROM_ALL ${benches})
    target_link_libraries(${id}_bench PRIVATE ${library} benchmark::benchmark_main)
    set_property(GLOBAL APPEND PROPERTY CASTOR_BENCHES ${id}_bench)
  endif()
endfunction()

# One ctest entry per executable rather than per case: starting a process per case would cost more
# than the cases do.
function(castor_add_test target library)
  add_executable(${target} EXCLUDE_FROM_ALL ${ARGN})
  target_link_libraries(${target} PRIVATE ${library} GTest::gmock GTest::gtest_main)
  add_test(NAME ${target} COMMAND ${target})
  set_property(GLOBAL APPEND PROPERTY CASTOR_TESTS ${target})
endfunction()

function(castor_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;LINK")
  if(NOT arg_SOURCES)
    set(arg_SOURCES main.cpp)
  endif()
  castor_link_list(links "${arg_USES}" "${arg_LINK}")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${links})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
endfunction()

function(castor_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES")
  castor_link_list(links "${arg_USES}" "")
  add_library(${name} MODULE plugin.cpp)
  target_link_libraries(${name} PRIVATE ${links})
  set_target_properties(${name} PROPERTIES
    PREFIX "" LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib/castor")
endfunction()

# Called last: names misspelt targets, which would otherwise show as a missing -l at link time, and
# defines `tests` and `benches`.
function(castor_finish)
  get_property(targets GLOBAL PROPERTY CASTOR_LINKED_TARGETS)
  foreach(target IN LISTS targets)
    if(target MATCHES "^castor_|::" AND NOT TARGET ${target})
      message(FATAL_ERROR "a castor_module() or castor_program() links '${target}', which is no target")
    endif()
  endforeach()
  get_property(tests GLOBAL PROPERTY CASTOR_TESTS)
  add_custom_target(tests DEPENDS ${tests})
  get_property(benches GLOBAL PROPERTY CASTOR_BENCHES)
  add_custom_target(benches DEPENDS ${benches})
endfunction()
