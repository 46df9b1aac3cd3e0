# Third-party targets, all named castor::<library> where they have no CMake package of their own. What
# Debian packages in a good version is found in the system; the rest where scripts/setup.sh puts it.

if(DEFINED ENV{CASTOR_CACHE})
  set(default_cache "$ENV{CASTOR_CACHE}")
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(default_cache "$ENV{XDG_CACHE_HOME}/castor")
else()
  set(default_cache "$ENV{HOME}/.cache/castor")
endif()
set(CASTOR_CACHE "${default_cache}" CACHE PATH "Where scripts/setup.sh puts third-party libraries")

# Reads one NAME="value" of versions.env.
set_property(DIRECTORY "${CMAKE_SOURCE_DIR}" APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
             "${CMAKE_SOURCE_DIR}/versions.env")
function(castor_pin name)
  file(STRINGS "${CMAKE_SOURCE_DIR}/versions.env" line REGEX "^${name}=\"")
  string(REGEX REPLACE "^${name}=\"(.*)\"$" "\\1" value "${line}")
  set(${name} "${value}" PARENT_SCOPE)
endfunction()

# The folder of a library fetched by scripts/setup.sh.
function(castor_fetched_folder out folder)
  set(path "${CASTOR_CACHE}/third_party/${folder}")
  if(NOT IS_DIRECTORY "${path}")
    message(FATAL_ERROR "${path} is missing: run scripts/setup.sh (or make)")
  endif()
  set(${out} "${path}" PARENT_SCOPE)
endfunction()

# castor::<name> for a library of the system that has no CMake package in Debian 12.
function(castor_system_library name header)
  find_path(CASTOR_${name}_INCLUDE "${header}" REQUIRED)
  add_library(castor::${name} INTERFACE IMPORTED GLOBAL)
  foreach(library IN LISTS ARGN)
    find_library(CASTOR_${library}_LIBRARY "${library}" REQUIRED)
    mark_as_advanced(CASTOR_${library}_LIBRARY)
    target_link_libraries(castor::${name} INTERFACE "${CASTOR_${library}_LIBRARY}")
  endforeach()
  mark_as_advanced(CASTOR_${name}_INCLUDE)
endfunction()

find_package(Threads REQUIRED)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
find_package(fmt REQUIRED)            # fmt::fmt
find_package(nlohmann_json REQUIRED)  # nlohmann_json::nlohmann_json
find_package(date REQUIRED)           # date::date-tz; reads the system's zoneinfo

castor_system_library(cli11 CLI/CLI.hpp)
castor_system_library(zstd zstd.h zstd)
castor_system_library(lz4 lz4.h lz4)
castor_system_library(re2 re2/re2.h re2)
castor_system_library(pcre2 pcre2.h pcre2-8)
castor_system_library(icu unicode/ucasemap.h icuuc icui18n)
castor_system_library(sqlite sqlite3.h sqlite3)
castor_system_library(xxhash xxhash.h xxhash)
castor_system_library(crypto openssl/evp.h crypto)
castor_system_library(ssl openssl/ssl.h ssl)
castor_system_library(sodium sodium.h sodium)

# The HTTP server's header and library have to agree on what the library was compiled with.
castor_system_library(httplib httplib.h cpp-httplib)
target_compile_definitions(castor::httplib INTERFACE
  CPPHTTPLIB_OPENSSL_SUPPORT CPPHTTPLIB_ZLIB_SUPPORT CPPHTTPLIB_BROTLI_SUPPORT)
target_link_libraries(castor::httplib INTERFACE castor::ssl castor::crypto Threads::Threads)
castor_system_library(yaml yaml-cpp/yaml.h yaml-cpp)

castor_pin(ARROW_VERSION)
castor_pin(ARROW_SOVERSION)
castor_fetched_folder(CASTOR_ARROW "arrow-${ARROW_VERSION}")
foreach(library IN ITEMS arrow arrow_compute arrow_s3 parquet)
  add_library(castor::${library} SHARED IMPORTED GLOBAL)
  set_target_properties(castor::${library} PROPERTIES
    IMPORTED_LOCATION "${CASTOR_ARROW}/lib/lib${library}.so.${ARROW_SOVERSION}"
    IMPORTED_SONAME "lib${library}.so.${ARROW_SOVERSION}"
    INTERFACE_INCLUDE_DIRECTORIES "${CASTOR_ARROW}/include")
  if(NOT library STREQUAL "arrow")
    target_link_libraries(castor::${library} INTERFACE castor::arrow)
  endif()
endforeach()

# Built here, so that it is compiled with our optimisation, sanitizers and compiler cache.
castor_pin(SIMDJSON_VERSION)
castor_fetched_folder(CASTOR_SIMDJSON "simdjson-${SIMDJSON_VERSION}")
add_library(castor_simdjson STATIC EXCLUDE_FROM_ALL "${CASTOR_SIMDJSON}/simdjson.cpp")
target_include_directories(castor_simdjson SYSTEM PUBLIC "${CASTOR_SIMDJSON}")
target_compile_options(castor_simdjson PRIVATE -w)
target_compile_definitions(castor_simdjson PUBLIC SIMDJSON_EXCEPTIONS=0)
add_library(castor::simdjson ALIAS castor_simdjson)

# castor::fdlibm: functions with the bits of java.lang.StrictMath, as engine/expr/fdlibm.h declares them.
# Each operation is rounded by itself, as in Java: nothing is contracted to a fused multiply-add.
castor_pin(NEWLIB_VERSION)
castor_fetched_folder(CASTOR_FDLIBM "fdlibm-newlib-${NEWLIB_VERSION}")
set(fdlibm_sources e_acos e_asin e_atan2 e_cosh e_exp e_sinh math_err s_atan s_expm1 s_tanh)
list(TRANSFORM fdlibm_sources REPLACE "(.+)" "${CASTOR_FDLIBM}/\\1.c")
add_library(castor_fdlibm STATIC EXCLUDE_FROM_ALL ${fdlibm_sources})
target_include_directories(castor_fdlibm PRIVATE "${CMAKE_SOURCE_DIR}/cmake/fdlibm" "${CASTOR_FDLIBM}")
target_compile_options(castor_fdlibm PRIVATE -w -std=gnu11 -ffp-contract=off -fno-strict-aliasing
                       -include "${CMAKE_SOURCE_DIR}/cmake/fdlibm/prologue.h")
add_library(castor::fdlibm ALIAS castor_fdlibm)

# libquadmath comes with gcc; its header stands among the compiler's own.
add_library(castor::quadmath INTERFACE IMPORTED GLOBAL)
target_link_libraries(castor::quadmath INTERFACE quadmath)

castor_pin(CROARING_VERSION)
castor_fetched_folder(CASTOR_CROARING "croaring-${CROARING_VERSION}")
add_library(castor_croaring STATIC EXCLUDE_FROM_ALL "${CASTOR_CROARING}/roaring.c")
target_include_directories(castor_croaring SYSTEM PUBLIC "${CASTOR_CROARING}")
target_compile_options(castor_croaring PRIVATE -w)
add_library(castor::croaring ALIAS castor_croaring)

# A server that tests start: scripts/setup.sh fetches it for them.
castor_pin(S3PROXY_VERSION)
set(CASTOR_S3PROXY "${CASTOR_CACHE}/third_party/s3proxy-${S3PROXY_VERSION}/s3proxy.jar")
