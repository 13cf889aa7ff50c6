/** Where something stands, counted from line 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** A place as it is shown to people and editors. */
export function describePlace({ file, line }: Place): string {
  return `${file}:${line}`;
}

/** Where a field stands in its line, counted from 1; the end is the column after it. */
export interface Spot {
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  /** The whole line. */
  readonly text: string;
}
