import { ApiObject, App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { KubeObject } from '../manifests/objects';
import { writeProvenance } from '../manifests/provenance';

/** Says in the output folder which construct made which object, where the cdk8s CLI is about to ask. */
export function recordProvenance(root: IConstruct): void {
  if (!(root instanceof App) || process.env['CDK8S_RECORD_CONSTRUCT_METADATA'] !== 'true') return;
  const made = root.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
  writeProvenance(root.outdir, made.flatMap(madeBy));
}

function madeBy(apiObject: ApiObject): readonly (readonly [KubeObject, string])[] {
  try {
    return [[apiObject.toJson() as KubeObject, apiObject.node.path]];
  } catch {
    // The synth is about to fail with the same error, and with the words for it.
    return [];
  }
}
