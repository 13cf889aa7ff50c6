import { Yaml } from 'cdk8s';
import { Code, MeshError, quoted } from '../errors';
import type { DeliveryIntent } from '../intent/delivery';
import { controllerName, requireDeliverablePorts, requirePreview } from '../intent/delivery';
import { serviceKey } from '../intent/service';
import type { ReleaseController } from '../options/release-controller';
import type { ServiceEntry } from '../synthesis/registry';
import type { WorkloadSource } from '../synthesis/workload-source';
import type { CanaryRelease } from './canary-release';
import { emit } from './emit';
import { Mesh } from './mesh';
import type { MeshedService } from './meshed-service';
import type { CanaryReleaseProps } from './release-props';

/** What a release by a controller may say; everything else is about versions that somebody else makes and moves. */
const WITH_CONTROLLER: readonly string[] = ['service', 'controller', 'candidateWhen'];

/** Hands a release over to a controller in the cluster. */
export function deliver(release: CanaryRelease, props: CanaryReleaseProps, controller: ReleaseController): void {
  const { service, candidateWhen = [] } = props;
  const entry = service._entry;
  const { ref, ports } = entry.declaration;
  const key = serviceKey(ref);
  const intent: DeliveryIntent = { controller: controller._intent, preview: candidateWhen };
  const name = controllerName(intent.controller);
  const beside = Object.entries(props).flatMap(([prop, value]) =>
    value === undefined || WITH_CONTROLLER.includes(prop) ? [] : [prop],
  );
  if (beside.length > 0) {
    throw new MeshError(
      Code.RELEASE,
      `the release of \`${key}\` has \`controller\` and ${quoted(beside)}, and ${name} makes and moves versions by itself`,
      'leave one of them out',
    );
  }
  requireDeployment(key, name, entry.workload);
  requireDeliverablePorts(key, intent.controller, ports);
  requirePreview(key, intent.controller, candidateWhen, ports);
  const mesh = Mesh.of(release);
  if (mesh._provider.handedOver(intent).ofService.includes('Service')) {
    requireOwnServices(key, name, entry);
  }
  mesh._registry.released.add(entry);
  entry.delivery = { construct: release, intent };
  mesh._provider.deliveryObjects(ref, intent).forEach((plan) => emit(service, mesh, plan));
}

/** YAML of what GitOps has to leave alone. */
export function ignoredDifferences(service: MeshedService): string {
  const mesh = Mesh.of(service);
  const intent = mesh._currentIntent().service(service._entry.declaration.ref);
  const differences = intent.delivery === undefined ? [] : mesh._provider.ignoredDifferences(intent, intent.delivery);
  return differences.length === 0
    ? ''
    : Yaml.stringify({
        ignoreDifferences: differences.map(({ paths, ...object }) => ({ ...object, jqPathExpressions: [...paths] })),
        syncPolicy: { syncOptions: ['RespectIgnoreDifferences=true'] },
      });
}

/** Longest name of a Service to which the controller can add `-primary`. */
const LONGEST_NAME = 63 - '-primary'.length;

/** Refuses a Service that the controller could not make, or that somebody else makes. */
function requireOwnServices(
  key: string,
  controller: string,
  { declaration: { ref }, placeholders }: ServiceEntry,
): void {
  if (!placeholders.some(({ kind }) => kind === 'Service')) {
    throw new MeshError(
      Code.RELEASE,
      `\`${key}\` says \`existingService\`, and ${controller} makes the Service by itself`,
      'leave `existingService` out, and let nobody else deliver the Service',
    );
  }
  if (ref.name.length > LONGEST_NAME) {
    throw new MeshError(
      Code.RELEASE,
      `the name \`${ref.name}\` is too long for ${controller}, which adds \`-primary\` for a Service`,
      `use at most ${LONGEST_NAME} characters`,
    );
  }
}

function requireDeployment(key: string, controller: string, source: WorkloadSource | undefined): void {
  const kind = source === undefined ? undefined : source.kind === 'external' ? source.view.kind : source.apiObject.kind;
  if (kind !== 'Deployment') {
    throw new MeshError(
      Code.RELEASE,
      kind === undefined
        ? `\`${key}\` has no workload of its own for ${controller} to release`
        : `the workload of \`${key}\` is a \`${kind}\`, and ${controller} makes both versions of a Deployment`,
      'give the service a Deployment as its `workload`',
    );
  }
}
