import { Code, MeshError, quoted } from '../errors';
import { requireDay } from '../intent/end-date';
import { givenShape } from '../intent/given';
import type { MigrationExemption, MigrationIntent } from '../intent/migration';
import { MIGRATION_STAGES, MigrationStage, describeStage } from '../intent/migration';
import { requireDnsLabel } from '../intent/names';
import { selectPorts } from '../intent/port';
import { serviceKey } from '../intent/service';
import type { Mesh } from './mesh';
import type { MeshedService } from './meshed-service';
import type { MigrationException, MtlsMigrationProps } from './mtls-migration-props';

/** What a migration says, checked. What holds until a day is registered. */
export function migrationIntent(mesh: Mesh, path: string, props: MtlsMigrationProps): MigrationIntent {
  givenShape('a migration', props, {
    namespaces: 'made:namespaceName[]',
    stage: 'text',
    strict: 'made:_entry[]?',
    exceptions: 'object[]?',
    namespacesInMesh: 'text[]?',
    logPlaintext: 'flag?',
  });
  const { stage, strict = [], exceptions = [], namespacesInMesh = [] } = props;
  if (!MIGRATION_STAGES.includes(stage)) {
    throw new MeshError(
      Code.MIGRATION,
      `\`${path}\` is at stage \`${String(stage)}\`, which is none`,
      `use one of ${quoted(MIGRATION_STAGES.map(describeStage))}`,
    );
  }
  const namespaces = namespaceNames(mesh, path, props);
  if (stage === MigrationStage.STRICT_WORKLOADS && strict.length === 0) {
    throw new MeshError(
      Code.MIGRATION,
      `\`${path}\` is at \`${describeStage(stage)}\`, and no service is \`strict\``,
      'name the services that shall refuse plain text first',
    );
  }
  strict.forEach((service) => requireWithin(path, '`strict`', namespaces, service));
  const exemptions = exceptions.map((exception) => exemption(path, namespaces, exception));
  const both = strict.find((service) =>
    exemptions.some(({ service: ref, ports }) => ports === undefined && serviceKey(ref) === keyOf(service)),
  );
  if (both !== undefined) {
    throw new MeshError(
      Code.MIGRATION,
      `\`${keyOf(both)}\` is \`strict\` in \`${path}\`, and all of it is excepted`,
      'name the `ports` of the exception, or remove one of both',
    );
  }
  exceptions.forEach((exception) =>
    mesh._registry.addDated({
      what: `the exception of ${described(exception)} from mutual TLS (${exception.reason.trim()})`,
      until: exception.until,
      fix: 'remove it, or give it a later `until`',
    }),
  );
  return {
    namespaces,
    stage,
    strict: strict.map((service) => service._entry.declaration.ref),
    exemptions,
    inMesh: namespacesInMesh.map((name) => requireDnsLabel('namespacesInMesh', name)),
  };
}

/** Refuses a namespace in two migrations, and a second policy for the whole mesh. */
export function requireAlone(mesh: Mesh, path: string, { namespaces, stage }: MigrationIntent): void {
  for (const { construct, intent } of mesh._registry.migrations) {
    const twice = namespaces.find((name) => intent.namespaces.includes(name));
    if (twice !== undefined) {
      throw new MeshError(
        Code.MIGRATION,
        `namespace \`${twice}\` migrates by \`${construct.node.path}\` and again by \`${path}\``,
        'name it in one of them',
      );
    }
    if (stage === MigrationStage.STRICT_MESH && intent.stage === stage) {
      throw new MeshError(
        Code.MIGRATION,
        `\`${construct.node.path}\` is at \`${describeStage(stage)}\`, and so is \`${path}\``,
        `leave one of them at \`${describeStage(MigrationStage.STRICT_NAMESPACES)}\`: the other one speaks for the whole mesh`,
      );
    }
  }
}

function namespaceNames(mesh: Mesh, path: string, { namespaces, stage }: MtlsMigrationProps): readonly string[] {
  if (namespaces.length === 0 && stage !== MigrationStage.STRICT_MESH) {
    throw new MeshError(Code.MIGRATION, `\`${path}\` has no \`namespaces\``, 'name those that shall migrate');
  }
  return namespaces.map((namespace) => {
    const name = namespace.namespaceName;
    if (namespace._locked) {
      throw new MeshError(
        Code.MIGRATION,
        `namespace \`${name}\` of \`${path}\` is a \`ZeroTrustNamespace\`, which refuses plain text already`,
        'begin with a `MeshedNamespace`, and make it a `ZeroTrustNamespace` after the migration',
      );
    }
    if (mesh._registry.namespaces.get(name)?.construct !== namespace) {
      throw new MeshError(
        Code.MIGRATION,
        `namespace \`${name}\` of \`${path}\` is declared under another mesh`,
        'declare both under one mesh',
      );
    }
    return name;
  });
}

function exemption(path: string, namespaces: readonly string[], exception: MigrationException): MigrationExemption {
  givenShape('an exception of a migration', exception, {
    service: 'made:_entry',
    ports: 'text[]?',
    reason: 'text?',
    until: 'text',
  });
  const { service, reason, until } = exception;
  requireWithin(path, 'an exception', namespaces, service);
  // Who writes JavaScript can leave it out.
  if (((reason as string | undefined) ?? '').trim() === '') {
    throw new MeshError(
      Code.MIGRATION,
      `the exception of ${described(exception)} in \`${path}\` has no \`reason\``,
      'say why plain text is served there',
    );
  }
  requireDay(`until of the exception of ${described(exception)}`, until);
  const { ref, ports } = service._entry.declaration;
  if (exception.ports?.length === 0) {
    throw new MeshError(
      Code.MIGRATION,
      `the exception of ${described(exception)} in \`${path}\` names no port`,
      'leave `ports` out to mean all of them',
    );
  }
  const chosen = exception.ports === undefined ? undefined : selectPorts(serviceKey(ref), ports, exception.ports);
  return { service: ref, ...(chosen === undefined ? {} : { ports: chosen }) };
}

function requireWithin(path: string, what: string, namespaces: readonly string[], service: MeshedService): void {
  if (!namespaces.includes(service.namespaceName)) {
    throw new MeshError(
      Code.MIGRATION,
      `${what} of \`${path}\` names \`${keyOf(service)}\`, whose namespace is none of ${quoted(namespaces) || 'its `namespaces`'}`,
      'name services of its `namespaces`',
    );
  }
}

function described({ service, ports }: MigrationException): string {
  return ports === undefined || ports.length === 0
    ? `\`${keyOf(service)}\``
    : `port ${quoted(ports)} of \`${keyOf(service)}\``;
}

function keyOf(service: MeshedService): string {
  return serviceKey(service._entry.declaration.ref);
}
