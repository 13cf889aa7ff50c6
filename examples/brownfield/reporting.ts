import { MeshedService, Port, Workload } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { include } from './manifests';

/** The services of the reporting team, which has just begun. */
export function reporting(scope: Construct) {
  const file = include(scope, 'reporting.yaml');
  return {
    reports: new MeshedService(scope, 'reports', {
      name: 'reports',
      workload: Workload.fromManifest(file, 'Deployment', 'reports'),
      ports: [Port.http(8080)],
    }),
    dashboard: new MeshedService(scope, 'dashboard', {
      name: 'dashboard',
      workload: Workload.fromManifest(file, 'Deployment', 'dashboard'),
      ports: [Port.http(80, { containerPort: 3000 })],
    }),
  };
}
