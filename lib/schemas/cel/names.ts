import type { parse } from '@bufbuild/cel';

type Parsed = ReturnType<typeof parse>;
type Expr = NonNullable<Parsed['expr']>;

export interface Names {
  readonly functions: ReadonlySet<string>;
  /** Free identifiers: not the variables that macros such as `all` bind. */
  readonly identifiers: ReadonlySet<string>;
}

/** Operators that the evaluator knows without a function. */
const builtIn = new Set(['_&&_', '_||_', '_?_:_', '_[_]', '@not_strictly_false']);

export function namesIn(parsed: Parsed): Names {
  const functions = new Set<string>();
  const identifiers = new Set<string>();
  const visit = (expr: Expr | undefined, bound: ReadonlySet<string>): void => {
    // A function has no target, a test for presence no value.
    if (expr === undefined) return;
    const kind = expr.exprKind;
    switch (kind.case) {
      case 'identExpr':
        if (!bound.has(kind.value.name)) identifiers.add(kind.value.name);
        break;
      case 'selectExpr':
        visit(kind.value.operand, bound);
        break;
      case 'callExpr':
        if (!builtIn.has(kind.value.function)) functions.add(kind.value.function);
        [kind.value.target, ...kind.value.args].forEach((part) => visit(part, bound));
        break;
      case 'listExpr':
        kind.value.elements.forEach((part) => visit(part, bound));
        break;
      case 'structExpr':
        kind.value.entries.forEach((entry) => {
          if (entry.keyKind.case === 'mapKey') visit(entry.keyKind.value, bound);
          visit(entry.value, bound);
        });
        break;
      case 'comprehensionExpr': {
        const { iterVar, iterVar2, accuVar, iterRange, accuInit, loopCondition, loopStep, result } = kind.value;
        const inner = new Set([...bound, iterVar, iterVar2, accuVar]);
        [iterRange, accuInit].forEach((part) => visit(part, bound));
        [loopCondition, loopStep, result].forEach((part) => visit(part, inner));
        break;
      }
      case 'constExpr':
        break;
      default:
        throw new Error(`unknown form of CEL expression \`${String(kind.case)}\``);
    }
  };
  visit(parsed.expr, new Set());
  return { functions, identifiers };
}
