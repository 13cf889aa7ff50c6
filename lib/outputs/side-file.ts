import { Construct } from 'constructs';
import { Code, MeshError } from '../errors';

const WRITERS = new WeakSet<Construct>();

/** Says that an app writes the side files of its tree. */
export function writesSideFiles(app: Construct): void {
  WRITERS.add(app);
}

/** A file of the output folder that holds no manifest, and that nobody applies with the others. */
export class SideFile extends Construct {
  constructor(
    scope: Construct,
    id: string,
    /** Below the output folder. */
    readonly path: string,
    readonly content: string,
  ) {
    super(scope, id);
    if (!WRITERS.has(this.node.root)) {
      throw new MeshError(
        Code.DELIVERY_LIMIT,
        `\`${path}\` stands beside the manifests, and the \`App\` of cdk8s writes nothing but manifests`,
        'make the app a `MeshApp`',
      );
    }
  }
}

/** The side files of a tree, by path; fails where something else would be written to one of them. */
export function sideFiles(
  constructs: readonly Construct[],
  manifests: ReadonlyMap<string, string>,
): Map<string, string> {
  const owners = new Map<string, string>([...manifests.keys()].map((path) => [path.toLowerCase(), 'a chart']));
  const files = new Map<string, string>();
  for (const { path, content, node } of constructs.filter((construct) => construct instanceof SideFile)) {
    const owner = owners.get(path.toLowerCase());
    if (owner !== undefined) {
      throw new MeshError(
        Code.FILE_TWICE,
        `\`${owner}\` and \`${node.path}\` would both be written to \`${path}\``,
        'give one of them another name',
      );
    }
    owners.set(path.toLowerCase(), node.path);
    files.set(path, content);
  }
  return files;
}
