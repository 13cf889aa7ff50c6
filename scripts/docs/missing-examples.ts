import type { DoorExport } from '../door/exports';

/** One message for every public class whose doc comment does not show how to use it. */
export function missingExamples(exports: readonly DoorExport[]): readonly string[] {
  return exports
    .filter(({ isClass, hasExample }) => isClass && !hasExample)
    .map(
      ({ name, file, line }) =>
        `${file}:${line} \`${name}\` is public and has no \`@example\`; fix: add one to its doc comment`,
    );
}
