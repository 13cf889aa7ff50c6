import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { objectsOf, serviceObjects } from './objects';

/** A program that others use for the same objects. */
export interface Peer {
  readonly name: string;
  /** The most services that it is asked for: some take a time that grows with the square. */
  readonly most: number;
  readonly version: readonly string[];
  /** Writes its input, and returns the command that prints the manifests. */
  prepare(folder: string, services: number): readonly string[];
}

export const PEERS: readonly Peer[] = [
  { name: 'helm template', most: Infinity, version: ['helm', 'version'], prepare: helmChart },
  { name: 'kubectl kustomize', most: 300, version: ['kubectl', 'version', '--client'], prepare: kustomization },
];

/** Whether the program is on the PATH. */
export function isFound({ version: [command = '', ...args] }: Peer): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** A chart that repeats its templates for each service of its values, as charts for many services do. */
function helmChart(folder: string, services: number): readonly string[] {
  mkdirSync(join(folder, 'templates'), { recursive: true });
  writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: bench\nversion: 1.0.0\n');
  const template = objectsOf('{{ .name }}', '{{ .next }}', '{{ .namespace }}').map((object) =>
    stringify(object, { lineWidth: 0 }),
  );
  writeFileSync(
    join(folder, 'templates', 'services.yaml'),
    `{{- range .Values.services }}\n---\n${template.join('---\n')}{{- end }}\n`,
  );
  const values = Array.from({ length: services }, (_, index) => ({
    name: `service-${index}`,
    next: `service-${index + 1}`,
    namespace: `team-${index % 20}`,
  }));
  writeFileSync(join(folder, 'values.yaml'), stringify({ services: values }));
  return ['helm', 'template', 'bench', folder];
}

function kustomization(folder: string, services: number): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const objects = Array.from({ length: services }, (_, index) => serviceObjects(index) as unknown[]).flat();
  writeFileSync(join(folder, 'all.yaml'), objects.map((object) => stringify(object)).join('---\n'));
  writeFileSync(join(folder, 'kustomization.yaml'), 'resources: [all.yaml]\n');
  return ['kubectl', 'kustomize', folder];
}
