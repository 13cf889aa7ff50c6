import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { parsePage } from '../../scripts/docs/markdown';

const page = parsePage(readFileSync(resolve(__dirname, '../../docs/ci.md'), 'utf8'));

/** A job of docs/ci.md as the shell commands that its runner executes, one by one, until one fails. */
export interface Job {
  readonly commands: readonly string[];
  /** What the runner gives in `${{ … }}`, by the name of the variable. */
  readonly expressions: readonly string[];
}

interface GitHubWorkflow {
  readonly jobs: { readonly manifests: { readonly steps: readonly GitHubStep[] } };
}

interface GitHubStep {
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface GitLabPipeline {
  readonly manifests: { readonly script: readonly string[] };
}

/** The script that the page asks to save, with its path. */
export function script(): { readonly path: string; readonly code: string } {
  const [code] = blocks('js');
  const path = /^\/\/ (\S+)/.exec(code ?? '')?.[1];
  if (code === undefined || path === undefined)
    throw new Error('docs/ci.md has no script whose first line names its path');
  return { path, code };
}

export function gitHubJob(): Job {
  const { steps } = (parse(blockWith('jobs:')) as GitHubWorkflow).jobs.manifests;
  return {
    commands: steps.flatMap(({ run }) => run ?? []),
    expressions: steps.flatMap(({ env = {} }) => Object.keys(env)),
  };
}

export function gitLabJob(): Job {
  return { commands: (parse(blockWith('script:')) as GitLabPipeline).manifests.script, expressions: [] };
}

/** The job that a page of YAML shows among steps of jobs. */
function blockWith(key: string): string {
  return blocks('yaml').find((code) => code.includes(key)) ?? '';
}

function blocks(language: string): readonly string[] {
  return page.fences.filter((fence) => fence.language === language).map(({ code }) => code);
}
