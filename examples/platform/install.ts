import { Chart } from 'cdk8s';
import type { App } from 'cdk8s';
import type { IMeshCompanion, IstioCanaryTag, IstioUpgrade } from 'cdk8s-mesh';
import { Delivery, IstioGatewayRole, IstioInstall, IstioRevisionTags } from 'cdk8s-mesh';

/** What installs everything. */
export const DELIVERY = Delivery.argoCd({ project: 'platform' });

/** What changes from one commit to the next. */
export interface PlatformProps {
  readonly version: string;
  readonly revision: string;
  readonly canary?: IstioCanaryTag;
  readonly upgrade?: IstioUpgrade;
}

/** Istio as the platform team has it: by Argo CD, with the CNI plugin, a gateway and companions. */
export function platform(app: App, props: PlatformProps, companions: IMeshCompanion[]): IstioInstall {
  const install = new IstioInstall(new Chart(app, 'istio'), 'Istio', {
    ...props,
    tag: 'stable',
    delivery: DELIVERY,
    cni: {},
    gateways: [{ name: 'istio-ingress', namespace: 'istio-ingress', role: IstioGatewayRole.INGRESS }],
    companions,
  });
  new IstioRevisionTags(new Chart(app, 'istio-tags'), 'Tags', { install });
  return install;
}
