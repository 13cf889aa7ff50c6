import { Code, MeshError } from '../errors';
import { givenShape } from './given';
import { requireDay } from './end-date';

/** The annotation by which an object says that findings about it are known. Part of the contract. */
export const WAIVE_NOTE = 'cdk8s-mesh.github.io/waive';

/** A finding that is known and accepted for a while. */
export interface WaivedRule {
  /** The code of the rule, such as `MESH-CHK-001`. */
  readonly code: string;
  readonly reason: string;
  /** The last day, in UTC, on which it holds: `YYYY-MM-DD`. */
  readonly until: string;
}

const LINE = /^(\S+) until (\S+): (.+)$/;

/** The value of the annotation, one line for each: `MESH-CHK-001 until 2027-01-31: why it is accepted`. */
export function waiveNote(waivers: readonly WaivedRule[]): string {
  return [...new Set(waivers.map(({ code, reason, until }) => `${code} until ${until}: ${reason}`))].sort().join('\n');
}

/** Reads the value of the annotation. */
export function readWaiveNote(text: string): readonly WaivedRule[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').map(readLine);
}

/** Refuses a waiver without a reason, without a day, or of something that is no rule. */
export function requireWaiver(waiver: WaivedRule): WaivedRule {
  const { code, reason, until } = givenShape('a waiver', waiver, { code: 'text', reason: 'text', until: 'text' });
  if (!/^(MESH-CHK-\d{3}|IST\d{4})$/.test(code)) {
    throw waiverProblem(`\`${code}\` is the code of no rule`, 'write a code that `cdk8s-mesh rules` lists');
  }
  if (reason.trim() === '' || /[\r\n]/.test(reason)) {
    throw waiverProblem(`the waiver of \`${code}\` has no reason of one line`, 'say why it is accepted, and who knows');
  }
  return { code, reason: reason.trim(), until: requireDay(`\`until\` of the waiver of \`${code}\``, until) };
}

function readLine(line: string): WaivedRule {
  const [, code, until, reason] = LINE.exec(line) ?? [];
  if (code === undefined || until === undefined || reason === undefined) {
    throw waiverProblem(
      `the waiver \`${line}\` cannot be read`,
      `write one line for each into \`${WAIVE_NOTE}\`: \`MESH-CHK-001 until 2027-01-31: why it is accepted\``,
    );
  }
  return requireWaiver({ code, reason, until });
}

function waiverProblem(message: string, fix: string): MeshError {
  return new MeshError(Code.WAIVER, message, fix);
}
