import { join, resolve } from 'node:path';
import prettier from 'prettier';
import type { Rule } from '../../lib/rules';
import { RULES } from '../../lib/rules';

export const PAGE = join(resolve(__dirname, '../..'), 'docs', 'rules.md');

/** What the codes of a hundred are about. */
const CHAPTERS: Readonly<Record<string, string>> = {
  '1': 'What the API server and Istio refuse',
  '2': 'References',
  '3': 'Routing and gateways',
  '4': 'Access and mTLS',
  '5': 'Namespaces and pods',
  '6': 'Traffic policies',
  '7': 'Egress',
  '8': 'Telemetry and Envoy filters',
  '9': 'Ambient mode',
};

const HEAD = `# Rules

<!-- written by scripts/rules/write.ts from lib/rules; change it there -->

What is checked in manifests, ours or not. An **error** breaks traffic or protection, or is refused by Kubernetes or Istio; a **warning** is
likely a mistake. Where \`istioctl analyze\` knows the same mistake, its code stands beside ours. Codes never change their meaning.

A reference to something that is not among the manifests is reported only where they claim to be complete, or have the
Namespace in which it would have to be.
`;

/** The page of all rules, as docs/rules.md has it. */
export async function rulesPage(): Promise<string> {
  const chapters = Object.entries(CHAPTERS).flatMap(([digit, title]) => {
    const rules = RULES.filter(({ code }) => code.startsWith(`MESH-CHK-${digit}`));
    return rules.length === 0 ? [] : [`## ${title}\n\n${rules.map(section).join('\n')}`];
  });
  const options = { ...(await prettier.resolveConfig(PAGE)), parser: 'markdown' };
  return prettier.format(`${HEAD}\n${chapters.join('\n')}`, options);
}

function section({ code, istio, istioToo = [], severity, title, why, fix, examples }: Rule): string {
  const level = severity === 'error' ? 'Error' : 'Warning';
  const known =
    istio === undefined ? '' : `, ${[istio, ...istioToo].map((known) => `\`${known}\``).join(', ')} of istioctl`;
  return [
    `### ${code}: ${title}`,
    `${level}${known}. ${why}`,
    `Fix: ${fix}.`,
    ...example('Bad', examples.bad[0]),
    ...example('Good', examples.good[0]),
    '',
  ].join('\n\n');
}

function example(word: string, yaml = ''): readonly string[] {
  return [`${word}:`, `\`\`\`yaml\n${yaml.trimEnd()}\n\`\`\``];
}
