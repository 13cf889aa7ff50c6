import { Construct } from 'constructs';
import type { Shape } from '../intent/given';
import { givenShape } from '../intent/given';
import { serviceKey } from '../intent/service';
import { deliver, ignoredDifferences } from './controlled-release';
import { requireKnown } from './grant';
import { requireChoice } from './headless';
import { Mesh } from './mesh';
import type { MeshedService } from './meshed-service';
import { declareRelease, requireFirst } from './release-declaration';
import { notePlan } from './release-plan';
import type { CanaryReleaseProps } from './release-props';

const RELEASE: Shape<CanaryReleaseProps> = {
  service: 'made:_entry',
  stable: 'object?',
  candidate: 'object?',
  candidateWhen: 'made:_conditions[]?',
  furtherCandidates: 'object[]?',
  plan: 'object?',
  share: 'made:_intent?',
  mirror: 'made:_intent?',
  controller: 'made:_intent?',
  ending: 'flag?',
};

/**
 * Versions of a service at the same time: chosen requests go to candidates, the rest by shares.
 *
 * Versions differ in the label `version`, which is added to pods that lack it, and run under the service's own service
 * account. Moving a service in or out of a release renames nothing.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { CanaryRelease, HeaderMatch, HttpMatch, IstioMesh, Mesh, MeshedService, Port, Workload, ZeroTrustNamespace } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * const shop = new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
 * const users = new MeshedService(chart, 'Users', { name: 'users', namespace: shop, ports: [Port.http(80)] });
 * const version = (name: string) => Workload.external({
 *   kind: 'Deployment', name: `users-${name}`, labels: { app: 'users', version: name }, serviceAccount: 'users', containerPorts: [80],
 * });
 * new CanaryRelease(chart, 'Release', {
 *   service: users,
 *   stable: { version: 'v1', workload: version('v1') },
 *   candidate: { version: 'v2', workload: version('v2'), weightPercent: 10 },
 *   candidateWhen: [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', 'true')] })],
 * });
 */
export class CanaryRelease extends Construct {
  private readonly service: MeshedService;

  constructor(scope: Construct, id: string, props: CanaryReleaseProps) {
    super(scope, id);
    const { service, controller } = givenShape('a release', props, RELEASE);
    this.service = service;
    const entry = service._entry;
    requireFirst(this, entry);
    requireChoice(entry.declaration);
    if (controller !== undefined) {
      deliver(this, props, controller);
      return;
    }
    const mesh = Mesh.of(this);
    const release = declareRelease(this, entry, props);
    const { candidates, mirror } = release.intent;
    requireKnown(mesh, `the release of \`${serviceKey(entry.declaration.ref)}\``, [
      ...candidates.flatMap(({ when }) => when.flatMap((match) => match._conditions.callers)),
      ...(mirror?.to.kind === 'service' ? [mirror.to.ref] : []),
    ]);
    mesh._registry.released.add(entry);
    entry.release = release;
    // Below the service, so that the names of its constructs do not depend on where the release stands.
    service._emitReleaseObjects(mesh);
    notePlan(mesh, service, release.intent);
  }

  /**
   * What the `spec` of an Argo CD Application needs, as YAML, so that Argo CD leaves alone what the `controller` changes in the
   * cluster. Empty without a controller, where nothing changes behind Git's back.
   */
  argoCdIgnoreDifferences(): string {
    return ignoredDifferences(this.service);
  }
}
