"""The mutants of a module: by the operators of cosmic-ray, and by the edits that it lacks. Nothing is run here."""

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.edits import answered, edits, is_logging
from tests.mutation.meaning import meaning

PACKAGE = Path(__file__).parents[2] / "mockserver"

# What decides, reads the payload, charges, keeps tasks, and answers other origins. Not what looks into documents: which
# are recognised beside PNG, JPEG and PDF is an open question, and their parsers have hostile tests of their own.
MODULES = (
    "decisions",
    "checks",
    "submission",
    "payload",
    "json_text",
    "bodies",
    "charging",
    "ledger",
    "schema",
    "accounts",
    "keys",
    "tasks",
    "queue",
    "outcomes",
    "providers",
    "answers",
    "cors",
)

# Of each comparison its negation and its boundary: the others say the same again. Multiplications are left out, since
# cosmic-ray takes the stars of parameters and unpackings for them.
OPERATORS = (
    "AddNot",
    "NumberReplacer",
    "ReplaceAndWithOr",
    "ReplaceBinaryOperator_Add_Sub",
    "ReplaceComparisonOperator_Eq_NotEq",
    "ReplaceComparisonOperator_Gt_GtE",
    "ReplaceComparisonOperator_Gt_LtE",
    "ReplaceComparisonOperator_Is_IsNot",
    "ReplaceComparisonOperator_IsNot_Is",
    "ReplaceComparisonOperator_NotEq_Eq",
    "ReplaceFalseWithTrue",
    "ReplaceOrWithAnd",
    "ReplaceTrueWithFalse",
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_Delete_USub",
    "ZeroIterationForLoop",
)


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """`line` of `function` in `module` becomes `becomes`; both without the spaces around. `source` is the whole."""

    module: str
    function: str
    line: str
    becomes: str
    operator: str
    source: str

    @property
    def where(self) -> str:
        return f"{self.module}.{self.function}".rstrip(".")

    @property
    def change(self) -> str:
        return f"{self.line} → {self.becomes}"


def mutants(module: str) -> list[Mutant]:
    """All mutants of a module of the mock server, each meaning of it once."""
    source = (PACKAGE / f"{module}.py").read_text(encoding="utf-8")
    by_edits = ((edit.operator, edit.apply(source)) for edit in edits(source))
    found = {meaning(text): _mutant(module, source, text, operator) for operator, text in by_edits}
    for operator, text in _by_cosmic_ray(source):
        found.setdefault(meaning(text), _mutant(module, source, text, operator))
    found.pop(meaning(source), None)
    return list(found.values())


def _by_cosmic_ray(source: str) -> Iterator[tuple[str, str]]:
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    silent = _silent(source)
    for name in OPERATORS:
        operator = get_operator(f"core/{name}")()
        places = [place for node in ast_nodes(get_ast(source)) for place in operator.mutation_positions(node)]
        for occurrence, (start, _) in enumerate(places):
            if not any(first <= start < last for first, last in silent):
                changed = mutate_code(source, operator, occurrence)
                if _is_python(changed):
                    yield name, changed


def _is_python(text: str) -> bool:
    """Whether it can be read at all: a negation before an assignment expression, for one, cannot."""
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _silent(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """From where to where nothing happens that a client could see, or nothing that the edits do not change better:
    annotations, decorators, what is logged, and the one comparison that a function answers with."""
    tree = ast.parse(source)
    spans: list[ast.expr | ast.stmt] = [value for value in answered(tree) if isinstance(value, ast.Compare)]
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(returns=ast.expr() as part) | ast.AsyncFunctionDef(returns=ast.expr() as part):
                spans.append(part)
            case ast.arg(annotation=ast.expr() as part) | ast.AnnAssign(annotation=part):
                spans.append(part)
            case ast.ClassDef(decorator_list=parts):
                spans.extend(parts)
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                spans.append(node)
            case ast.Expr() if is_logging(node):
                spans.append(node)
    return [((part.lineno, part.col_offset), (part.end_lineno or 0, part.end_col_offset or 0)) for part in spans]


def _mutant(module: str, source: str, changed: str, operator: str) -> Mutant:
    before, after = source.splitlines(), changed.splitlines()
    blocks = difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes()
    differing = [block for block in blocks if block[0] != "equal"]
    (_, first, _, start, _), (_, _, last, _, end) = differing[0], differing[-1]
    return Mutant(
        module=module,
        function=_function(source, first + 1),
        line=_joined(before[first:last]),
        becomes=_joined(after[start:end]),
        operator=operator,
        source=changed,
    )


def _joined(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def _function(source: str, line: int) -> str:
    """The name of the innermost functions and classes around a line; empty at the level of the module."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    around = [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]
    inside = [node for node in around if node.lineno <= line <= (node.end_lineno or 0)]
    return ".".join(node.name for node in sorted(inside, key=lambda node: node.lineno))
