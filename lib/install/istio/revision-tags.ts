import { Construct } from 'constructs';
import { addObject } from '../deliver';
import { givenMade, givenOptions } from '../../intent/given';
import type { IstioInstall } from './istio-install';

/** The tags of which install. */
export interface IstioRevisionTagsProps {
  /** The install, which has a `tag`. */
  readonly install: IstioInstall;
}

/**
 * The revision tags of an install: names that namespaces follow, and that an upgrade moves from one control plane to the
 * next. They belong to no release of a control plane, so that one goes and another comes without a moment in which nobody
 * injects. Give them a chart that is applied to the cluster itself, as your namespaces are.
 *
 * @example
 * import { Chart } from 'cdk8s';
 * import { Delivery, IstioInstall, IstioMesh, IstioRevisionTags, Mesh, MeshApp } from 'cdk8s-mesh';
 * const app = new MeshApp();
 * const install = new IstioInstall(new Chart(app, 'istio'), 'Istio', {
 *   version: '1.30.3',
 *   revision: '1-30-3',
 *   tag: 'stable',
 *   delivery: Delivery.argoCd(),
 * });
 * new IstioRevisionTags(new Chart(app, 'istio-tags'), 'Tags', { install });
 * Mesh.use(app, IstioMesh.fromInstall(install));
 */
export class IstioRevisionTags extends Construct {
  constructor(scope: Construct, id: string, props: IstioRevisionTagsProps) {
    super(scope, id);
    const { install } = givenOptions('`IstioRevisionTags`', props);
    givenMade('`install` of `IstioRevisionTags`', install, '_deliverTags', 'an `IstioInstall`');
    for (const object of install._deliverTags(this.node.path)) addObject(this, object.metadata.name, object);
  }
}
