"""Smaller variants of a case: what may be left out of tables and query, large parts first."""

import copy
import dataclasses

from expressions import LITERALS, Expression
from queries import Combined, Derived, Join, Select


@dataclasses.dataclass
class Case:
    tables: list
    query: object

    def text(self):
        """A .test file with one test."""
        settings = "sql\nSET 'pipeline.auto-watermark-interval' = '0';"
        blocks = [settings, *(each.block() for each in self.tables)]
        return "\n\n".join(blocks) + f"\n\ntest fuzz\n{self.query.sql()}\n----\n"


def smaller(case):
    """Each smaller variant once; many are no valid SQL."""
    for cut in range(len(cuts_of(case))):
        copied = copy.deepcopy(case)
        cuts_of(copied)[cut]()
        yield copied


def cuts_of(case):
    """Functions that take something away from this very case; the same for equal cases."""
    return query_cuts(case) + table_cuts(case) + expression_cuts(case)


def setter(owner, name, value):
    return lambda: setattr(owner, name, value)


def remover(items, start, count):
    def remove():
        del items[start : start + count]

    return remove


def selects_of(node):
    if isinstance(node, Select):
        yield node
        yield from selects_of(node.source)
    elif isinstance(node, (Combined, Join)):
        yield from selects_of(node.left)
        yield from selects_of(node.right)
    elif isinstance(node, Derived):
        yield from selects_of(node.query)


def inner_queries(node):
    """Queries within a query that can stand for the whole."""
    if isinstance(node, Select):
        yield from inner_queries(node.source)
    elif isinstance(node, Join):
        yield from inner_queries(node.left)
        yield from inner_queries(node.right)
    elif isinstance(node, Derived):
        yield node.query
        yield from inner_queries(node.query)
    elif isinstance(node, Combined):
        yield from (node.left, node.right)


def query_cuts(case):
    cuts = [setter(case, "query", inner) for inner in inner_queries(case.query)]
    for select in selects_of(case.query):
        if isinstance(select.source, Join):
            cuts += [setter(select, "source", side) for side in (select.source.left, select.source.right)]
        for name in ("where", "having"):
            if getattr(select, name):
                cuts.append(setter(select, name, None))
        if select.distinct:
            cuts.append(setter(select, "distinct", False))
        if select.grouping != "{}":
            cuts.append(setter(select, "grouping", "{}"))
        if len(select.items) > 1:
            cuts += [remover(select.items, i, 1) for i in reversed(range(len(select.items)))]
        if select.group:
            cuts += [key_remover(select, i) for i in range(len(select.group))]
    return cuts


def key_remover(select, index):
    def remove():
        key = select.group.pop(index)
        select.items[:] = [item for item in select.items if item is not key] or [key]

    return remove


def table_cuts(case):
    cuts = [remover(case.tables, i, 1) for i in range(len(case.tables))]
    for table in case.tables:
        count = len(table.rows)
        size = count // 2
        while size >= 1:
            starts = range(0, count, size) if table.append else [count - size]
            cuts += [remover(table.rows, start, size) for start in starts]
            size //= 2
    return cuts


def expression_slots(case):
    """(replace, expression) for every expression of the query, outer ones first."""
    slots = []

    def visit(expression, replace):
        slots.append((replace, expression))
        for i, operand in enumerate(expression.operands):
            visit(operand, item_setter(expression.operands, i))

    for select in selects_of(case.query):
        for i, item in enumerate(select.items):
            visit(item, item_setter(select.items, i))
        for name in ("where", "having"):
            if getattr(select, name):
                visit(getattr(select, name), attribute_setter(select, name))
        if isinstance(select.source, Join):
            visit(select.source.condition, attribute_setter(select.source, "condition"))
    return slots


def item_setter(items, index):
    return lambda value: items.__setitem__(index, value)


def attribute_setter(owner, name):
    return lambda value: setattr(owner, name, value)


def expression_cuts(case):
    cuts = []
    for replace, expression in expression_slots(case):
        for operand in expression.operands:
            if operand.family == expression.family:
                cuts.append(lambda replace=replace, operand=operand: replace(operand))
        if expression.operands and expression.family in LITERALS:
            for literal in (LITERALS[expression.family][0], LITERALS[expression.family][-1]):
                leaf = Expression(expression.family, literal)
                cuts.append(lambda replace=replace, leaf=leaf: replace(leaf))
    return cuts
