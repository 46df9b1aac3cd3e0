"""Runs the *_bench executables of a build folder; prints a table and writes build/bench/micro.json.

  python3 -m micro.table <build folder>

Read from the environment: FILTER (regular expression on benchmark names), MIN_TIME (seconds per repetition,
default 0.2), REPETITIONS (default 3; the median is shown).
"""

import glob
import json
import os
import sys
import tempfile

from harness import measured_process

# What other figures are set beside: bytes per second that one core reads from memory.
YARDSTICK = "base_bench"
YARDSTICK_READ = "ReadMemory/words:33554432"


def main():
    build = sys.argv[1]
    programs = sorted(glob.glob(os.path.join(build, "**", "*_bench"), recursive=True))
    programs = [path for path in programs if os.access(path, os.X_OK)]
    # The yardstick first: the table shows the others beside it.
    programs.sort(key=lambda path: os.path.basename(path) != YARDSTICK)
    if not programs or os.path.basename(programs[0]) != YARDSTICK:
        raise SystemExit(f"{build}: {YARDSTICK} is missing; build the target `benches`")
    core = measured_process.last_cores(1)
    measured_process.keep_off(core)
    found = [entry for program in programs for entry in run(program, core)]
    compare(found)
    print(f"{'kernel':<64} {'M rows/s':>10} {'ns/row':>8} {'GB/s':>8} {'of memory':>10} {'of bound':>9}")
    for entry in found:
        print(line(entry))
    output = os.path.join("build", "bench", "micro.json")
    os.makedirs(os.path.dirname(output), exist_ok=True)
    with open(output, "w", encoding="utf-8") as file:
        json.dump(found, file, indent=1)
        file.write("\n")
    print(f"pinned to core {core[0]}; medians; 'of memory' is the share of {YARDSTICK_READ}'s GB/s,")
    print("'of bound' that of the rows/s of the kernel's bound, in the same run")
    print(f"written to {output}")


def compare(found):
    """Sets each entry beside the memory bandwidth and beside the kernel that it names as its bound."""
    bandwidth = next(each["bytes_per_s"] for each in found if each["kernel"] == YARDSTICK_READ)
    rows_per_s = {each["kernel"]: each["rows_per_s"] for each in found}
    for entry in found:
        if entry["bytes_per_s"]:
            entry["of_memory_bandwidth"] = round(entry["bytes_per_s"] / bandwidth, 4)
        # Where a filter leaves the bound out, there is nothing to compare.
        if rows_per_s.get(entry["bound"]):
            entry["of_bound"] = round(entry["rows_per_s"] / rows_per_s[entry["bound"]], 4)


def run(program, core):
    """The entries of one executable. One that fails ends everything: a hole in the table would go unseen."""
    module = os.path.basename(program).removesuffix("_bench")
    is_yardstick = os.path.basename(program) == YARDSTICK
    print(f"running {module}", file=sys.stderr, flush=True)
    with tempfile.NamedTemporaryFile("r", suffix=".json") as report:
        command = [
            program,
            f"--benchmark_filter={'.' if is_yardstick else os.environ.get('FILTER') or '.'}",
            f"--benchmark_min_time={os.environ.get('MIN_TIME') or '0.2'}",
            f"--benchmark_repetitions={os.environ.get('REPETITIONS') or '3'}",
            "--benchmark_report_aggregates_only=true",
            f"--benchmark_out={report.name}",
            "--benchmark_out_format=json",
        ]
        done = measured_process.run(command, core)
        if done.code != 0:
            raise SystemExit(f"{module} failed:\n{done.err}{done.out}")
        text = report.read()
        # Nothing matches the filter: the file stays empty.
        runs = json.loads(text)["benchmarks"] if text else []
    failed = [each for each in runs if each.get("error_occurred")]
    if failed:
        raise SystemExit(f"{module}: {failed[0]['name']}: {failed[0]['error_message']}")
    # A single repetition has no aggregates.
    kept = [each for each in runs if each.get("aggregate_name", "median") == "median"]
    return [as_entry(module, each) for each in kept]


def as_entry(module, measured):
    rows = measured.get("items_per_second")
    return {
        "module": module,
        "kernel": measured["run_name"],
        "bound": measured.get("label"),
        "rows_per_s": rows and round(rows),
        "ns_per_row": rows and round(1e9 / rows, 3),
        "bytes_per_s": round(measured["bytes_per_second"]) if "bytes_per_second" in measured else None,
    }


def line(entry):
    name = f"{entry['module']} {entry['kernel']}"
    rows = f"{entry['rows_per_s'] / 1e6:10.1f} {entry['ns_per_row']:8.2f}" if entry["rows_per_s"] else " " * 19
    size = f"{entry['bytes_per_s'] / 1e9:8.2f}" if entry["bytes_per_s"] else " " * 8
    memory = f"{entry['of_memory_bandwidth']:10.1%}" if "of_memory_bandwidth" in entry else " " * 10
    bound = f"{entry['of_bound']:9.0%}" if "of_bound" in entry else ""
    return f"{name:<64} {rows} {size} {memory} {bound}".rstrip()


if __name__ == "__main__":
    sys.exit(main())
