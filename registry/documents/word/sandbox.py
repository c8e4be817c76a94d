"""The Jinja that a Word template may use: names, loops over lists, conditions. Nothing that it can call. 模板沙箱.

A template comes from an office, so it is input like any other. It sees plain text and lists only; attributes of Python
objects, calls, arithmetic and whatever builds long texts are refused; time and memory are the worker's.
"""

from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS = frozenset({"default", "d", "first", "join", "last", "length"})
TESTS = frozenset({"defined", "undefined", "eq", "equalto", "==", "ne", "!=", "even", "odd", "in", "none"})
LOOP = frozenset({"index", "index0", "first", "last", "length", "revindex", "previtem", "nextitem"})
BUILDING = (nodes.Call, nodes.CallBlock, nodes.Macro, nodes.Import, nodes.FromImport, nodes.Include, nodes.Extends)
COUNTING = (nodes.Mul, nodes.Pow, nodes.Mod, nodes.Div, nodes.FloorDiv, nodes.Add, nodes.Sub)
DEEPEST = 2  # loops within loops: each multiplies what there is to write


class Sandbox(ImmutableSandboxedEnvironment):
    """Knows the few filters and tests above, and nothing by name but what it is given."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.filters = {name: work for name, work in self.filters.items() if name in FILTERS}
        self.tests = {name: work for name, work in self.tests.items() if name in TESTS}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Raises SecurityError for what builds or calls, before any of it runs."""
        tree = super()._parse(source, name, filename)
        if next(tree.find_all((*BUILDING, *COUNTING)), None) is not None:
            raise SecurityError("calls, macros, includes and arithmetic")
        if _depth(tree) > DEEPEST:
            raise SecurityError("loops within loops within loops")
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`row.name` is an item of a mapping, or one of the loop's own numbers; there are no other attributes."""
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        if isinstance(obj, Undefined):
            obj._fail_with_undefined_error()
        raise SecurityError(attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """An item of a mapping or a list."""
        if isinstance(obj, dict) or (isinstance(obj, list) and isinstance(argument, int)):
            try:
                return obj[argument]
            except LookupError:
                return self.undefined(obj=obj, name=argument)
        return self.getattr(obj, str(argument))

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Never."""
        raise SecurityError("a call")


def _depth(node: nodes.Node) -> int:
    """How many loops stand within each other."""
    inner = max((_depth(child) for child in node.iter_child_nodes()), default=0)
    return inner + isinstance(node, nodes.For)
