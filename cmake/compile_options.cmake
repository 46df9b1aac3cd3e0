# Language level, warnings, optimisation, sanitizers, compiler cache and linker: the same for every
# target. Kept on directory scope so that no target can forget them.

set(CASTOR_MARCH "x86-64-v3" CACHE STRING
    "Instruction set of the build (-march); 'native' for this machine only, empty for the default")
set(CASTOR_SANITIZE "" CACHE STRING "Value of -fsanitize=, e.g. 'address,undefined'; empty for none")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# Gemini is also linked into a JNI library, so everything is position independent.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# -g1 keeps line numbers for profiles and crash reports at a fraction of the size of full debug data.
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g")

if(CASTOR_MARCH AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  add_compile_options("-march=${CASTOR_MARCH}")
endif()

# Java rounds after every operation; a fused multiply-add rounds once and gives other last digits.
add_compile_options(-ffp-contract=off)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Werror)
# -Wpedantic refuses __int128 unless it is spelled `__extension__ __int128`; base does that once.
# gcc 12 warns of overlapping copies in the standard library's own string + and = (its bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict;-Wno-maybe-uninitialized>")
endif()
# Frame pointers make `perf record -g` usable at no measurable cost.
add_compile_options(-fno-omit-frame-pointer)

# Sanitizers at -O0 are too slow to be run often, and their reports need lines, not variables; with
# them gcc 12 sees uninitialised values in code it generated itself.
if(CASTOR_SANITIZE)
  add_compile_options("-fsanitize=${CASTOR_SANITIZE}" -fno-sanitize-recover=all -O1 -g1
                      -Wno-maybe-uninitialized)
  add_link_options("-fsanitize=${CASTOR_SANITIZE}")
endif()

option(CASTOR_FUZZ "Build programs for libFuzzer, with clang (test/fuzz/bytes)" OFF)
if(CASTOR_FUZZ)
  add_compile_options(-Wno-error)  # of clang other warnings come than those of gcc
endif()

# Relative paths let several work trees of the repository share what one of them compiled.
find_program(CASTOR_CCACHE ccache)
if(CASTOR_CCACHE)
  set(launcher "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1
               "${CASTOR_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${launcher}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${launcher}")
endif()

# GNU ld takes seconds per test executable; either of these takes a fraction of one.
find_program(CASTOR_MOLD mold)
find_program(CASTOR_LLD NAMES ld.lld)
if(CASTOR_MOLD)
  add_link_options(-fuse-ld=mold)
elseif(CASTOR_LLD)
  add_link_options(-fuse-ld=lld)
endif()
