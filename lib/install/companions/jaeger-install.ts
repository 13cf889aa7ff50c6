import { Construct } from 'constructs';
import { givenShape } from '../../intent/given';
import { requireUrl } from '../../options/url';
import type { Values } from '../helm-release';
import type { CompanionChart } from './companion-chart';
import type { CompanionAddress, CompanionProps, IMeshCompanion, MeshCompanionFacts } from './companion-props';
import { COMPANION_SHAPE, installCompanion, resourceValues } from './companion-release';
import type { JaegerStorage } from './jaeger-storage';
import { OTLP_PORT, tracingFacts } from './tracing-facts';

/** Jaeger, and where it keeps spans. */
export interface JaegerInstallProps extends CompanionProps {
  /** Where spans are kept. */
  readonly storage: JaegerStorage;
  /**
   * Name of the release, of its Service, and of the provider in the mesh configuration.
   * @default jaeger
   */
  readonly name?: string;
  /**
   * Its namespace, which belongs to no mesh.
   * @default observability
   */
  readonly namespace?: string;
  /**
   * Where people reach it, for links from Kiali.
   * @default - nobody links to it
   */
  readonly publicUrl?: string;
}

/** https://github.com/jaegertracing/helm-charts/tree/main/charts/jaeger; before, it was another chart, of Jaeger 1. */
const CHART: CompanionChart = {
  name: 'jaeger',
  repository: 'https://jaegertracing.github.io/helm-charts',
  oldest: [4, 4],
  onceInCluster: false,
  ownFields: [],
};

/**
 * Jaeger 2, from the chart `jaeger`: it takes spans by OTLP and shows them. As a companion of the mesh it is the provider to
 * which proxies send spans, where a `MeshTelemetry` says so.
 *
 * @example
 * import { Chart } from 'cdk8s';
 * import { Delivery, IstioInstall, IstioMesh, JaegerInstall, JaegerStorage, Mesh, MeshApp } from 'cdk8s-mesh';
 * const app = new MeshApp();
 * const delivery = Delivery.argoCd();
 * const jaeger = new JaegerInstall(new Chart(app, 'tracing'), 'Jaeger', {
 *   chartVersion: '4.4.8',
 *   delivery,
 *   storage: JaegerStorage.memory(),
 * });
 * const install = new IstioInstall(new Chart(app, 'istio'), 'Istio', {
 *   version: '1.30.3',
 *   delivery,
 *   companions: [jaeger],
 * });
 * Mesh.use(app, IstioMesh.fromInstall(install));
 */
export class JaegerInstall extends Construct implements IMeshCompanion {
  /** Where its pages and its query API are reached. */
  readonly address: CompanionAddress;
  /** Where it takes spans by OTLP over gRPC, from inside the cluster. */
  readonly otlpUrl: string;
  readonly meshFacts: MeshCompanionFacts;

  constructor(scope: Construct, id: string, props: JaegerInstallProps) {
    super(scope, id);
    const {
      name = 'jaeger',
      namespace = 'observability',
      publicUrl,
    } = givenShape(`\`${this.node.path}\``, props, {
      ...COMPANION_SHAPE,
      storage: 'made:_values',
      name: 'text?',
      namespace: 'text?',
      publicUrl: 'text?',
    });
    const release = { chart: CHART, name, namespace };
    installCompanion(this, release, props, jaegerValues(name, props));
    this.address = {
      url: `http://${name}.${namespace}:16686`,
      ...(publicUrl === undefined ? {} : { publicUrl: requireUrl('publicUrl of Jaeger', publicUrl) }),
    };
    this.otlpUrl = `http://${name}.${namespace}:${OTLP_PORT}`;
    this.meshFacts = tracingFacts(release, 'jaeger');
  }
}

function jaegerValues(name: string, props: JaegerInstallProps): Values {
  const { jaeger, ...rest } = props.storage._values;
  const resources = resourceValues(props.resources);
  const deployment = { ...(jaeger as Values | undefined), ...(resources === undefined ? {} : { resources }) };
  return {
    fullnameOverride: name,
    nameOverride: 'jaeger',
    ...(Object.keys(deployment).length === 0 ? {} : { jaeger: deployment }),
    ...rest,
  };
}
