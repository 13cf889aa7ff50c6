import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import type { App } from 'cdktf';
import { Fn, S3Backend, TerraformStack, TerraformVariable } from 'cdktf';

/** What Terraform has to know to reach the cluster: an EKS cluster, whose address the stack that makes it gives. */
export function clusterStack(app: App): TerraformStack {
  const stack = new TerraformStack(app, 'istio');
  // Without a backend, the stack would name the folder in which it was synthesized.
  new S3Backend(stack, {
    bucket: 'example-terraform-state',
    key: 'shop/istio.tfstate',
    region: 'eu-central-1',
    encrypt: true,
  });
  const host = new TerraformVariable(stack, 'cluster_endpoint', { type: 'string' });
  const authority = new TerraformVariable(stack, 'cluster_certificate_authority', { type: 'string' });
  new HelmProvider(stack, 'helm', {
    kubernetes: {
      host: host.stringValue,
      clusterCaCertificate: Fn.base64decode(authority.stringValue),
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1beta1',
        command: 'aws',
        args: ['eks', 'get-token', '--cluster-name', 'shop'],
      },
    },
  });
  return stack;
}
