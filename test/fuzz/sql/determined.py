"""Whether a query has one right answer, as far as the plan alone can tell."""


def hangs_on_arrival(plan):
    """Whether a MIN or MAX in `plan` keeps what an outer join below it takes back.

    Flink holds the columns of a join of appended rows for constant, of an outer join too
    (FlinkRelMdModifiedMonotonicity), and so plans the call without retraction: the null-padded row of
    a side that came first stays in the value after its match has come.
    """
    nodes = {node["id"]: node for node in plan["nodes"]}
    keeping = [number for number, node in nodes.items() if keeps_what_is_taken_back(node)]
    return any(is_outer_join(nodes[below]) for number in keeping for below in inputs_of(plan, number))


def keeps_what_is_taken_back(node):
    if not node.get("needRetraction"):
        return False
    calls = zip(node.get("aggCalls", []), node.get("aggCallNeedRetractions", []))
    return any(call["internalName"].startswith(("$MIN$", "$MAX$")) and not needed for call, needed in calls)


def is_outer_join(node):
    return node.get("joinSpec", {}).get("joinType") in ("LEFT", "RIGHT", "FULL")


def inputs_of(plan, number):
    """The nodes that `number` reads, near and far."""
    direct = [edge["source"] for edge in plan["edges"] if edge["target"] == number]
    return direct + [far for near in direct for far in inputs_of(plan, near)]
