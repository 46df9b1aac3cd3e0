# The verbs a person types; `make help` lists them. Each does its own set-up: scripts/setup.sh takes a
# fraction of a second when nothing is missing.

PRESET ?= release
JOBS ?= $(shell nproc)
BUILD := build/$(PRESET)
MAVEN ?= mvn -q -B -Dstyle.color=never

.DEFAULT_GOAL := all
.PHONY: all setup configure native java test test-asan test-tsan check format reference clean help

all: native java ## build bin/castor (PRESET=release, debug, asan or tsan)

setup: ## install what is missing; every verb does this
	@scripts/setup.sh

configure: setup
	@[ -f $(BUILD)/build.ninja ] || cmake --preset $(PRESET)

native: configure
	@cmake --build $(BUILD) -j $(JOBS)
	@mkdir -p bin
	@for program in $(BUILD)/bin/*; do \
	  if [ -x "$$program" ]; then ln -sfn "../$$program" bin/; fi; done

# Maven takes seconds to find that there is nothing to do; a stamp takes none.
ifneq ($(wildcard pom.xml),)
JAVA_INPUTS := $(shell git ls-files -co --exclude-standard '*.java' '*pom.xml' '*/src/main/*' 'spec/*')
# What one of the jars carries. Sanitized builds have none, and the jar keeps that of the release.
JNI_BUILD := $(if $(filter asan tsan,$(PRESET)),build/release,$(BUILD))
JNI_LIBRARY := $(JNI_BUILD)/flink/linux-$(shell uname -m)/libgemini_jni.so
$(JNI_LIBRARY): native ;
java: build/java.stamp
build/java.stamp: $(wildcard $(JAVA_INPUTS)) $(JNI_LIBRARY) | setup
	$(MAVEN) -Dcastor.build=$(CURDIR)/$(JNI_BUILD) -DskipTests package
	@mkdir -p build && touch $@
endif

test: all ## run every test: C++ and Java units, the suites below test/
	@scripts/setup.sh tests
	@cmake --build $(BUILD) -j $(JOBS) --target tests
	@scripts/test.sh $(BUILD)

test-asan: native java ## units and whole jobs under the address and undefined-behaviour sanitizers
	@scripts/sanitize.sh asan

test-tsan: native java ## what several threads touch, and whole jobs, under the thread sanitizer
	@scripts/sanitize.sh tsan

check: ## what CI checks besides: layers, text rules, format
	@scripts/setup.sh formatters
	@failed=0; for each in checks/layers.py checks/text.sh checks/format.sh checks/compatibility.sh \
	  'reference.py --check'; do \
	  scripts/$$each || failed=1; done; exit $$failed

reference: ## write pages on every function, connector and format into build/reference
	@scripts/reference.py
	@scripts/function_reference.py

format: ## format all sources in place
	@scripts/setup.sh formatters
	@scripts/checks/format.sh --fix

# Verbs that build and then run one script. While the script does not exist, neither does the verb.
SCRIPT_demo := scripts/demo.sh
SCRIPT_bench-nexmark := bench/nexmark/run.sh
SCRIPT_bench-micro := bench/micro/run.sh
SCRIPT_bench-latency := bench/latency/run.sh
SCRIPT_bench-platform := bench/platform/run.sh
SCRIPT_bench-state := bench/state/run.sh
SCRIPT_bench-flink-state := bench/flink-state/run.sh
SCRIPT_conformance := test/conformance/conformance.sh
SCRIPT_fuzz-sql := test/fuzz/sql.sh
SCRIPT_soak-state := engine/gemini/soak/run.sh
SCRIPT_fuzz-bytes := test/fuzz/bytes.sh
ABOUT_demo := start the platform with a running deployment, and its web console (PORT=)
ABOUT_bench-nexmark := Castor beside Flink on Nexmark (QUERIES= EVENTS= CORES= PAIRS=)
ABOUT_bench-micro := kernels, with rows and bytes per second
ABOUT_bench-latency := latency from event to result at half of the highest load
ABOUT_bench-platform := many clients at a platform with many deployments (DEPLOYMENTS= CLIENTS= PAGES= DURATION=)
ABOUT_bench-state := Gemini beside RocksDB (FAST= ONLY= ROUNDS= MEMORY_MB=)
ABOUT_bench-flink-state := Gemini in Flink beside RocksDB, heap and ForSt (FAST= ONLY= BACKENDS= ROUNDS= KEYS= MEMORY_MB= TTL=)
ABOUT_conformance := run Flink's own table tests on the native engine
ABOUT_soak-state := fifty states under load, what they hold and take of memory (SECONDS= MEMORY_MB=)
ABOUT_fuzz-sql := random SQL, answered by Flink and by Castor (HOURS=)
ABOUT_fuzz-bytes := readers of stored bytes under libFuzzer (SECONDS_EACH= READERS=)
SCRIPT_VERBS := $(foreach verb,demo bench-nexmark bench-micro bench-latency bench-platform bench-state \
  bench-flink-state \
  conformance fuzz-sql fuzz-bytes soak-state,\
  $(if $(wildcard $(SCRIPT_$(verb))),$(verb)))

.PHONY: $(SCRIPT_VERBS)
$(SCRIPT_VERBS): all
	@$(SCRIPT_$@)

clean: ## remove what was built (what setup fetched stays)
	rm -rf build bin
	find . -name target -type d -path '*/target' -prune -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s%s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@$(foreach verb,$(SCRIPT_VERBS),printf '  make %-15s%s\n' '$(verb)' '$(ABOUT_$(verb))';)
