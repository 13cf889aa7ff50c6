import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Code, MeshError, quoted } from '../errors';
import type { Mesh } from './mesh';
import type { IMeshNamespace } from './namespace';

/** The declared namespace of the chart around a construct. */
export function chartNamespace(scope: IConstruct, mesh: Mesh): IMeshNamespace {
  const { namespace } = Chart.of(scope);
  const declared = namespace === undefined ? undefined : mesh._registry.namespaces.get(namespace);
  if (declared === undefined) {
    const known = [...mesh._registry.namespaces.keys()];
    throw new MeshError(
      Code.NAMESPACE_UNDECLARED,
      namespace === undefined
        ? `\`${scope.node.path}\` has no \`namespace\`, and neither has its chart`
        : `namespace \`${namespace}\` of \`${scope.node.path}\` was never declared, declared are ${quoted(known) || 'none'}`,
      'declare it before with `new ZeroTrustNamespace(…)`, and give it as `namespace`',
    );
  }
  return {
    namespaceName: declared.name,
    _locked: declared.locked,
    _resilience: declared.resilience,
    ...(declared.dryRun === undefined ? {} : { _dryRun: declared.dryRun }),
  };
}
