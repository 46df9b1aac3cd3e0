# Connectors that are not part of the engine.
#
#   cmake --preset release -DCASTOR_CONNECTORS="../tail;../mqtt"
#
# builds each folder (absolute, or as seen from the top of this repository) into `castor`. Its CMakeLists.txt makes one call:
#
#   castor_connector(<name> OPTIONS <file.json> REGISTER <function> HEADER <file.h>
#                    [USES <module>...] [LINK <target>...])
#
# It makes the module connector/<name> (castor_module: sources by their names, tests beside them). The
# function is called when the worker starts; HEADER declares it:
#
#   void f(castor::connector::ConnectorRegistry*, const castor::format::FormatRegistry*,
#          const castor::io::FileSystemRegistry*);
#
# The connectors below samples/connector are built the same way, into a program of their own.

set(CASTOR_CONNECTORS "" CACHE STRING "Folders of connectors outside the engine, separated by ;")

# Called between the engine's connectors and the worker.
function(castor_add_outside_connectors)
  set(given "")
  foreach(folder IN LISTS CASTOR_CONNECTORS)
    cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY "${CMAKE_SOURCE_DIR}" NORMALIZE)
    list(APPEND given "${folder}")
    castor_add_outside_connector("${folder}" castor)
  endforeach()
  file(GLOB samples CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/samples/connector/*/CMakeLists.txt")
  foreach(file IN LISTS samples)
    cmake_path(GET file PARENT_PATH folder)
    if(NOT folder IN_LIST given)
      castor_add_outside_connector("${folder}" samples)
    endif()
  endforeach()
endfunction()

function(castor_add_outside_connector folder group)
  if(NOT EXISTS "${folder}/CMakeLists.txt")
    message(FATAL_ERROR "CASTOR_CONNECTORS: '${folder}' has no CMakeLists.txt")
  endif()
  cmake_path(GET folder FILENAME name)
  set(CASTOR_CONNECTOR_GROUP "${group}")
  if(group STREQUAL "samples")
    add_subdirectory("${folder}" "${CMAKE_BINARY_DIR}/outside/${name}" EXCLUDE_FROM_ALL)
  else()
    add_subdirectory("${folder}" "${CMAKE_BINARY_DIR}/outside/${name}")
  endif()
endfunction()

function(castor_connector name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "OPTIONS;REGISTER;HEADER" "USES;LINK")
  foreach(needed IN ITEMS OPTIONS REGISTER HEADER)
    if(NOT arg_${needed})
      message(FATAL_ERROR "castor_connector(${name}): ${needed} is missing")
    endif()
  endforeach()
  castor_module("connector/${name}" USES connector/api format/api column io ${arg_USES}
                LINK ${arg_LINK})
  get_target_property(type castor_connector_${name} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    message(FATAL_ERROR "castor_connector(${name}): the folder has no .cpp file")
  endif()
  target_include_directories(castor_connector_${name} PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}")
  set(share "${CMAKE_BINARY_DIR}")
  if(CASTOR_CONNECTOR_GROUP STREQUAL "samples")
    string(APPEND share "/samples")
  endif()
  configure_file("${arg_OPTIONS}" "${share}/share/castor/options/${name}.json" COPYONLY)
  set_property(GLOBAL APPEND PROPERTY CASTOR_${CASTOR_CONNECTOR_GROUP}_CONNECTORS "${name}")
  set_property(GLOBAL APPEND PROPERTY CASTOR_${CASTOR_CONNECTOR_GROUP}_INCLUDES
               "#include \"${CMAKE_CURRENT_SOURCE_DIR}/${arg_HEADER}\"\n")
  set_property(GLOBAL APPEND PROPERTY CASTOR_${CASTOR_CONNECTOR_GROUP}_CALLS
               "  ${arg_REGISTER}(registry, formats, file_systems)|\n")
endfunction()

# Gives a worker program the connectors of the groups: defines what worker/outside_connectors.h declares.
function(castor_link_outside_connectors target)
  set(CASTOR_INCLUDES "")
  set(CASTOR_CALLS "")
  foreach(group IN LISTS ARGN)
    get_property(connectors GLOBAL PROPERTY CASTOR_${group}_CONNECTORS)
    get_property(includes GLOBAL PROPERTY CASTOR_${group}_INCLUDES)
    get_property(calls GLOBAL PROPERTY CASTOR_${group}_CALLS)
    list(JOIN includes "" includes)
    list(JOIN calls "" calls)
    string(REPLACE "|" ";" calls "${calls}")
    string(APPEND CASTOR_INCLUDES "${includes}")
    string(APPEND CASTOR_CALLS "${calls}")
    foreach(connector IN LISTS connectors)
      target_link_libraries(${target} PRIVATE castor_connector_${connector})
    endforeach()
  endforeach()
  set(file "${CMAKE_CURRENT_BINARY_DIR}/${target}_outside_connectors.cpp")
  configure_file("${CMAKE_SOURCE_DIR}/cmake/outside_connectors.cpp.in" "${file}" @ONLY)
  target_sources(${target} PRIVATE "${file}")
endfunction()
