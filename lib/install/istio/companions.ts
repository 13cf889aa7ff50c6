import { Code, MeshError, quoted } from '../../errors';
import { givenMade } from '../../intent/given';
import type { IstioExtensionProvider } from '../../providers/istio/istio-mesh-props';
import type { IMeshCompanion } from '../companions/companion-props';
import type { IstioInstallProps } from './install-props';
import type { IstioMeshConfig } from './mesh-config-props';

/** An install whose mesh configuration, also that of its upgrade, has the providers of its companions. */
export function withCompanions(props: IstioInstallProps): IstioInstallProps {
  const { companions = [], meshConfig = {}, upgrade } = props;
  const providers = companions.flatMap((companion, index) => {
    const { meshFacts } = givenMade(`\`companions[${index}]\``, companion, 'meshFacts', 'a companion of a mesh');
    return meshFacts.provider ?? [];
  });
  monitoringNamespace(companions);
  return providers.length === 0
    ? props
    : {
        ...props,
        meshConfig: withProviders(meshConfig, providers),
        ...(upgrade?.meshConfig === undefined
          ? {}
          : { upgrade: { ...upgrade, meshConfig: withProviders(upgrade.meshConfig, providers) } }),
      };
}

/** Where metrics are collected from; undefined where no companion does so. */
export function monitoringNamespace(companions: readonly IMeshCompanion[] = []): string | undefined {
  const namespaces = companions.flatMap(({ meshFacts }) => meshFacts.monitoringNamespace ?? []);
  if (namespaces.length > 1) {
    throw new MeshError(
      Code.COMPANION,
      `several companions collect metrics, in namespaces ${quoted(namespaces)}`,
      'keep one of them in `companions`',
    );
  }
  return namespaces[0];
}

function withProviders(config: IstioMeshConfig, added: readonly IstioExtensionProvider[]): IstioMeshConfig {
  const providers = [...(config.providers ?? []), ...added];
  const names = providers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    throw new MeshError(
      Code.COMPANION,
      `\`companions\` bring a provider \`${twice}\`, and there is another one of this name`,
      'leave the other one out of `companions` or `meshConfig.providers`, or give the companion another `name`',
    );
  }
  return { ...config, providers };
}
