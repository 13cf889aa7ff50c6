#!/usr/bin/env node
// Stands in for `helm template`: shows what it was called with. The API `fake/…` says how it misbehaves.
const { readFileSync, writeSync } = require('node:fs');

const args = process.argv.slice(2);
const option = (name) => args[args.indexOf(name) + 1];
const print = (text) => writeSync(1, text);
const shown = {
  args: args.filter((arg) => !arg.includes('values.yaml')),
  values: readFileSync(option('--values'), 'utf8'),
};

if (args.includes('fake/fail')) {
  writeSync(2, 'Error: template: istiod/templates/a.yaml:1: no such thing as `this`\n');
  process.exit(3);
}
if (args.includes('fake/broken')) print('kind: [\n');
if (args.includes('fake/big')) {
  for (let index = 0; index < 12; index += 1) {
    print(
      `---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${args[1]}-${index}\ndata:\n  text: ${'x'.repeat(1024 * 1024)}\n`,
    );
  }
}
print(`---
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${args[1]}-shown
data:
  text: ${JSON.stringify(JSON.stringify(shown))}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.${args[1]}.example.com
spec:
  scope: Cluster
  names:
    kind: Widget
---
apiVersion: example.com/v1
kind: Widget
metadata:
  name: ${args[1]}
`);
