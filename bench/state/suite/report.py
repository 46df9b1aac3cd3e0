"""The table, and the lists of what Gemini loses and of bars that it misses."""

from state.suite import sides


def heading():
    return (f"{'group':10} {'state':>6} {'value':>5}  {'what':34} {'keys':8} "
            f"{'Gemini':>10} {'RocksDB':>10} {'tuned':>10} {'unit':12} {'ratio':>8} {'of CPU':>7}  bar")


def amount(value):
    if value is None:
        return "-"
    if value >= 1e6:
        return f"{value / 1e6:.2f}M"
    if value >= 1e4:
        return f"{value / 1e3:.0f}k"
    return f"{value:.3g}"


def bar_of(result):
    if result.get("bar") is None:
        return ""
    sign = ">=" if result["higher_is_better"] and not result.get("bar_is_absolute") else "<="
    verdict = {True: "met", False: "MISSED"}.get(result.get("met"), "not measured")
    return f"{sign} {result['bar']:.3g} {verdict}"


def ceiling_of(result):
    return f"  {result['of_ceiling']:.0%} of a plain hash" if "of_ceiling" in result else ""


def line(result):
    columns = [*result.get("columns", sides.ALL), None, None][:len(sides.ALL)]
    values = [result["sides"].get(kind, {}).get("value") for kind in columns]
    ratio = f"{result['ratio']:.2f}" if result.get("ratio") is not None else "-"
    cpu = f"{result['cpu_ratio']:.2f}" if "cpu_ratio" in result else ""
    return (f"{result['group']:10} {result['size']:>5g}x {result['value_bytes']:>5}  "
            f"{result['workload']:34} {result['distribution']:8} "
            f"{amount(values[0]):>10} {amount(values[1]):>10} {amount(values[2]):>10} "
            f"{result['unit']:12} {ratio:>8} {cpu:>7}  {bar_of(result)}{ceiling_of(result)}")


def name_of(result):
    return (f"{result['group']} {result['size']:g}x {result['value_bytes']} B "
            f"{result['workload']} {result['distribution']}")


def loses(result):
    ratio = result.get("ratio")
    if ratio is None:
        return False
    return ratio < 1 if result["higher_is_better"] else ratio > 1


def closing(results, deaths):
    lost = [result for result in results if loses(result)]
    missed = [result for result in results if result.get("met") is False]
    yield f"Gemini loses {len(lost)} of {len(results)}:"
    yield from (f"  {name_of(result)}: {result['ratio']:.2f}" for result in lost)
    yield f"bars missed: {len(missed)}"
    yield from (f"  {name_of(result)}: {bar_of(result)}" for result in missed)
    yield from (f"ended before its time: {death}" for death in deaths)
