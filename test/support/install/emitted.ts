import { App as TerraformApp, TerraformStack, Testing as TerraformTesting } from 'cdktf';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { Chart } from 'cdk8s';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { IstioInstallProps } from '../../../lib';
import { Delivery, IstioInstall, MeshApp } from '../../../lib';
import { TerraformDelivery } from '../../../lib/terraform';

export type DeliveryName = 'argoCd' | 'flux' | 'terraform' | 'rendered' | 'sail' | 'istioctl';

/** A helm that prints what it was called with. */
export const FAKE_HELM = resolve(__dirname, '../../install/fake-helm.js');

/** One that fails, and is too old. */
export const OLD_HELM = resolve(__dirname, '../../install/old-helm.js');

type Props = Omit<IstioInstallProps, 'delivery' | 'version'>;

function install(app: MeshApp, delivery: Delivery, props: Props): MeshApp {
  new IstioInstall(new Chart(app, 'istio'), 'Istio', { version: '1.30.3', delivery, ...props });
  return app;
}

/** A stack with a provider, as users have it. */
export function terraformStack(): TerraformStack {
  const stack = new TerraformStack(new TerraformApp(), 'istio');
  new HelmProvider(stack, 'helm', { kubernetes: { configPath: '~/.kube/config' } });
  return stack;
}

/** The text that a delivery emits: what is committed, and read by its tool. */
export function emitted(name: DeliveryName, props: Props): string {
  switch (name) {
    case 'argoCd':
      return install(new MeshApp(), Delivery.argoCd(), props).synthYaml();
    case 'flux':
      return install(new MeshApp(), Delivery.flux(), props).synthYaml();
    case 'sail':
      return install(new MeshApp(), Delivery.sail(), props).synthYaml();
    case 'rendered': {
      const delivery = Delivery.rendered({ helm: FAKE_HELM, kubernetesVersion: '1.33' });
      return install(new MeshApp(), delivery, props).synthYaml();
    }
    case 'terraform': {
      const stack = terraformStack();
      install(new MeshApp(), TerraformDelivery.helm(stack), props);
      return TerraformTesting.synth(stack);
    }
    case 'istioctl':
      return written(props);
  }
}

function written(props: Props): string {
  const outdir = mkdtempSync(join(tmpdir(), 'istioctl-'));
  try {
    install(new MeshApp({ outdir }), Delivery.istioctl(), props).synth();
    const [file = ''] = readdirSync(outdir).filter((entry) => entry.endsWith('.istioctl'));
    return readFileSync(join(outdir, file), 'utf8');
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
