import { Chart } from 'cdk8s';
import type { App } from 'cdk8s';
import type { IstioCanaryTag, IstioUpgrade } from 'cdk8s-mesh';
import { Delivery, IstioGatewayRole, IstioInstall, IstioProviderKind, IstioRevisionTags } from 'cdk8s-mesh';

/** What changes from one commit to the next. */
export interface PlatformProps {
  readonly version: string;
  readonly revision: string;
  readonly canary?: IstioCanaryTag;
  readonly upgrade?: IstioUpgrade;
}

/** Istio as the platform team has it: by Argo CD, with the CNI plugin and a gateway. */
export function platform(app: App, props: PlatformProps): IstioInstall {
  const install = new IstioInstall(new Chart(app, 'istio'), 'Istio', {
    ...props,
    tag: 'stable',
    delivery: Delivery.argoCd({ project: 'platform' }),
    cni: {},
    gateways: [{ name: 'istio-ingress', namespace: 'istio-ingress', role: IstioGatewayRole.INGRESS }],
    meshConfig: {
      providers: [
        {
          name: 'spans',
          kind: IstioProviderKind.TRACING,
          service: 'otel-collector',
          namespace: 'observability',
          port: 4317,
          podLabels: { app: 'otel-collector' },
        },
      ],
    },
  });
  new IstioRevisionTags(new Chart(app, 'istio-tags'), 'Tags', { install });
  return install;
}
