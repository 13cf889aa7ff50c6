import type { IConstruct } from 'constructs';
import type { ApiObject } from 'cdk8s';
import { App, Chart, YamlOutputType } from 'cdk8s';
import type { Problem } from '../errors';
import { Code } from '../errors';
import type { Tree } from './tree';
import { isStanding } from './tree';

/** Objects that cdk8s would write into one file, where the last of them replaces the others in silence. */
export function fileProblems(root: IConstruct, tree: Tree): readonly Problem[] {
  const fileOf = fileNames(root);
  if (fileOf === undefined) {
    return [];
  }
  const byFile = new Map<string, ApiObject[]>();
  for (const object of [...tree.byIdentity.values()].flat().filter(isStanding)) {
    byFile.set(fileOf(object), [...(byFile.get(fileOf(object)) ?? []), object]);
  }
  return [...byFile.values()].flatMap(([first, second]) =>
    first === undefined || second === undefined
      ? []
      : [
          {
            code: Code.OBJECT_FILE,
            message: `\`${first.node.path}\` and \`${second.node.path}\` would be written into one file, since cdk8s names it by kind and name, \`${first.kind}.${first.name}\`, and the app has one file per resource`,
            fix: 'use `YamlOutputType.FILE_PER_CHART`, or `FOLDER_PER_CHART_FILE_PER_RESOURCE` with a chart for each namespace',
          },
        ],
  );
}

/** How cdk8s names the file of an object; undefined where a file holds several. */
function fileNames(root: IConstruct): ((object: ApiObject) => string) | undefined {
  switch (App.of(root).yamlOutputType) {
    case YamlOutputType.FILE_PER_RESOURCE:
      return ({ kind, name }) => `${kind}.${name}`;
    case YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE:
      return (object) => `${Chart.of(object).node.path}/${object.kind}.${object.name}`;
    default:
      return undefined;
  }
}
