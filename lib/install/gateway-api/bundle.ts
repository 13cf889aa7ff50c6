import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Code, MeshError } from '../../errors';
import { parseManifests } from '../../manifests/located';
import type { KubeObject } from '../../manifests/objects';
import { stringMap } from '../../manifests/objects';

const BUNDLE = 'gateway.networking.k8s.io/bundle-version';
const CHANNEL = 'gateway.networking.k8s.io/channel';

/** The manifests of a release of Gateway API, from its file on disk. */
export function readBundle(file: string | undefined, version: string, channel: string): readonly KubeObject[] {
  const download = `get \`${channel}-install.yaml\` of https://github.com/kubernetes-sigs/gateway-api/releases/tag/v${version} and give its path as \`file\``;
  if (file === undefined) {
    throw new MeshError(
      Code.GATEWAY_API,
      '`Delivery.rendered` reads the kinds of Gateway API from a `file`, and there is none',
      download,
    );
  }
  if (!existsSync(resolve(file))) {
    throw new MeshError(Code.GATEWAY_API, `file \`${file}\` with the kinds of Gateway API is not there`, download);
  }
  const { objects, problems } = parseManifests(file, readFileSync(resolve(file), 'utf8'));
  const [problem] = problems;
  if (problem !== undefined) {
    throw new MeshError(Code.GATEWAY_API, `\`${file}:${problem.line}\` is no manifest: ${problem.message}`, download);
  }
  // What a cluster writes into `status`, and nobody applies, stands there empty.
  const found = objects.map(({ object: { status: _status, ...object } }): KubeObject => object);
  requireRelease(file, found, version, channel, download);
  return found;
}

/** Each definition says which release and channel it is of. */
function requireRelease(
  file: string,
  objects: readonly KubeObject[],
  version: string,
  channel: string,
  fix: string,
): void {
  const definitions = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
  if (definitions.length === 0) {
    throw new MeshError(Code.GATEWAY_API, `file \`${file}\` defines no kinds`, fix);
  }
  for (const { metadata } of definitions) {
    const { [BUNDLE]: isOf, [CHANNEL]: isIn } = stringMap(metadata?.annotations);
    if (isOf !== `v${version}` || isIn !== channel) {
      throw new MeshError(
        Code.GATEWAY_API,
        `\`${metadata?.name ?? ''}\` in \`${file}\` is of Gateway API \`${isOf ?? 'unknown'}\`, channel \`${isIn ?? 'unknown'}\`, and \`${version}\` of channel \`${channel}\` is to be delivered`,
        `${fix}, or change \`version\` or \`channel\``,
      );
    }
  }
}
