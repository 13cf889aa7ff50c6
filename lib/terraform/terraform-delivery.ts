import type * as cdktf from 'cdktf';
import { Code, MeshError } from '../errors';
import { Delivery } from '../install/delivery';
import { Release, TerraformStack } from './packages';
import { releaseSettings } from './release-config';

/** How Terraform installs charts. */
export interface TerraformDeliveryOptions {
  /**
   * Name of the cluster that the provider of the stack is for, where several stacks are for one.
   * @default - a cluster of its own for each stack
   */
  readonly clusterName?: string;
  /**
   * Seconds that an installation may take before Terraform calls it failed.
   * @default 600
   */
  readonly timeoutSeconds?: number;
}

/**
 * Deliveries by Terraform, with CDK for Terraform 0.21. They need the packages `cdktf` and `@cdktf/provider-helm`.
 *
 * @example
 * import { App, TerraformStack } from 'cdktf';
 * import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
 * import { Chart } from 'cdk8s';
 * import { IstioInstall, MeshApp } from 'cdk8s-mesh';
 * import { TerraformDelivery } from 'cdk8s-mesh/terraform';
 * const terraform = new App();
 * const stack = new TerraformStack(terraform, 'istio');
 * new HelmProvider(stack, 'helm', { kubernetes: { configPath: '~/.kube/config' } });
 * const app = new MeshApp();
 * new IstioInstall(new Chart(app, 'istio'), 'Istio', {
 *   version: '1.30.3',
 *   delivery: TerraformDelivery.helm(stack),
 * });
 * terraform.synth();
 */
export class TerraformDelivery {
  /** A `helm_release` in a stack for each chart, named as the release, after those that it needs. The stack needs a `HelmProvider`. */
  static helm(stack: cdktf.TerraformStack, options: TerraformDeliveryOptions = {}): Delivery {
    if (!TerraformStack.isStack(stack)) {
      throw new MeshError(
        Code.TYPE,
        '`stack` of `TerraformDelivery.helm` is no `TerraformStack` of cdktf',
        'give a stack',
      );
    }
    const timeout = requireSeconds(options.timeoutSeconds ?? 600);
    return Delivery._of(options.clusterName ?? `stack ${stack.node.path}`, (_, install) => {
      const made = new Map<string, InstanceType<typeof Release>>();
      for (const release of install.releases) {
        const dependsOn = release.after.flatMap((name) => made.get(name) ?? []);
        const resource = new Release(stack, release.name, {
          ...releaseSettings(install, release, timeout),
          ...(dependsOn.length === 0 ? {} : { dependsOn }),
        });
        made.set(release.name, resource);
      }
    });
  }

  private constructor() {}
}

function requireSeconds(seconds: number): number {
  if (Number.isInteger(seconds) && seconds > 0) return seconds;
  throw new MeshError(
    Code.INSTALL,
    `timeoutSeconds of \`TerraformDelivery.helm\` is \`${seconds}\``,
    'give a whole number of seconds, 1 or more',
  );
}
