import { fieldAt, recordList, stringMap, textAt, textList } from './objects';

type Labels = Readonly<Record<string, string>>;

/** Whether labels satisfy a selector of Kubernetes, with `matchLabels` and `matchExpressions`; an empty one is for all. */
export function selects(selector: unknown, labels: Labels): boolean {
  return (
    Object.entries(stringMap(fieldAt(selector, 'matchLabels'))).every(([key, value]) => labels[key] === value) &&
    expressions(selector).every((expression) => holds(expression, labels))
  );
}

/** All that a selector says of labels: keys, and the values that it names for them. */
export function mentionedLabels(selector: unknown): readonly (readonly [string, readonly string[]])[] {
  return [
    ...Object.entries(stringMap(fieldAt(selector, 'matchLabels'))).map(([key, value]) => [key, [value]] as const),
    ...expressions(selector).map(({ key, values }) => [key, values] as const),
  ];
}

interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

function expressions(selector: unknown): readonly Expression[] {
  return recordList(fieldAt(selector, 'matchExpressions')).map((expression) => ({
    key: textAt(expression, 'key') ?? '',
    operator: textAt(expression, 'operator') ?? '',
    values: textList(expression['values']),
  }));
}

function holds({ key, operator, values }: Expression, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    default:
      return false;
  }
}
