"""What a source means, as far as a glance tells: two mutants that only differ in how they negate are one."""

import ast

OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.Is: ast.IsNot,
    ast.In: ast.NotIn,
    ast.Gt: ast.LtE,
    ast.Lt: ast.GtE,
}
INVERSE = OPPOSITES | {after: before for before, after in OPPOSITES.items()}


def meaning(source: str) -> str:
    """Equal for sources that do the same with and without a negation. Raises SyntaxError if it is no source."""
    return ast.dump(_WithoutNegations().visit(ast.parse(source)))


class _WithoutNegations(ast.NodeTransformer):
    """`not not x` in a condition becomes `x`, and the negation of a comparison the opposite comparison."""

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=ast.Compare(ops=[operator]) as compared):
                compared.ops = [INVERSE[type(operator)]()]
                return compared
            case ast.UnaryOp(op=ast.Not(), operand=ast.UnaryOp(op=ast.Not(), operand=inner)):
                return inner
        return node
