import { App as TerraformApp, TerraformStack, Testing as TerraformTesting } from 'cdktf';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { Chart } from 'cdk8s';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { IstioInstallProps } from '../../../lib';
import { Delivery, IstioInstall, IstioMesh, IstioRevisionTags, Mesh, MeshApp } from '../../../lib';
import { TerraformDelivery } from '../../../lib/terraform';
import { printed } from '../mesh-app';

export type DeliveryName = 'argoCd' | 'flux' | 'terraform' | 'rendered' | 'sail' | 'istioctl';

/** A helm that prints what it was called with. */
export const FAKE_HELM = resolve(__dirname, '../../install/fake-helm.js');

/** One that fails, and is too old. */
export const OLD_HELM = resolve(__dirname, '../../install/old-helm.js');

type Props = Partial<Omit<IstioInstallProps, 'delivery'>>;

function install(app: MeshApp, delivery: Delivery, props: Props): MeshApp {
  const made = new IstioInstall(new Chart(app, 'istio'), 'Istio', { version: '1.30.3', ...props, delivery });
  if (props.tag !== undefined) {
    new IstioRevisionTags(new Chart(app, 'istio-tags'), 'Tags', { install: made });
    Mesh.use(app, IstioMesh.fromInstall(made));
  }
  return app;
}

/** The manifests of an app; warnings are not printed. */
function manifests(delivery: Delivery, props: Props): string {
  let text = '';
  printed(() => (text = install(new MeshApp(), delivery, props).synthYaml()));
  return text;
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
      return manifests(Delivery.argoCd(), props);
    case 'flux':
      return manifests(Delivery.flux(), props);
    case 'sail':
      return manifests(Delivery.sail(), props);
    case 'rendered':
      return manifests(Delivery.rendered({ helm: FAKE_HELM, kubernetesVersion: '1.33' }), props);
    case 'terraform': {
      const stack = terraformStack();
      manifests(TerraformDelivery.helm(stack), props);
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
