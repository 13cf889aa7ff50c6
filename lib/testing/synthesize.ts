import type { App } from 'cdk8s';
import { Chart, Testing } from 'cdk8s';
import type { KubeObject } from '../manifests/objects';
import { MeshApp } from '../outputs/mesh-app';

/** The objects that a chart, or every chart of an app, synthesizes to, validated by cdk8s as in a real synth. */
export function synthesize(scope: App | Chart): KubeObject[] {
  if (scope instanceof MeshApp) return [...scope._manifests()];
  const charts = scope instanceof Chart ? [scope] : scope.charts;
  return charts.flatMap((chart) => Testing.synth(chart) as KubeObject[]);
}
