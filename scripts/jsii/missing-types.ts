import type { DoorExport } from '../door/exports';

/** jsii drops what it cannot express without a word; this gives a message for each such export. */
export function missingTypes(exports: readonly DoorExport[], assembly: readonly string[]): readonly string[] {
  const known = new Set(assembly);
  return exports
    .filter(({ name }) => !known.has(name))
    .map(
      ({ name, file, line }) =>
        `${file}:${line} \`${name}\` is exported from lib/index.ts and missing from the jsii assembly; ` +
        'fix: make it a class, an enum or an interface, or keep it out of lib/index.ts',
    );
}
