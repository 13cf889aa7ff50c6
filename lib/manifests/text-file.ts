import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { TextProblem } from './documents';

/** The text of a file, or why there is none. */
export type ReadText = { readonly text: string } | { readonly problem: TextProblem };

/** Files are read as a whole, so that there is a limit to them. */
export const MOST_BYTES = 64 * 1024 * 1024;

const PIECE = 1024 * 1024;
const STANDARD_INPUT = 0;

/** The text of a file; `mayStream` also takes pipes, which the user named himself. */
export function readTextFile(file: string, mayStream: boolean): ReadText {
  try {
    const stat = statSync(file);
    if (!stat.isFile() && !(mayStream && (stat.isFIFO() || stat.isCharacterDevice()))) {
      return problem(file, 'it is no file');
    }
    if (stat.isFile() && stat.size > MOST_BYTES) return problem(file, tooLarge(stat.size));
    const descriptor = openSync(file, 'r');
    try {
      return decode(file, readAll(descriptor));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return problem(file, causeOf(error));
  }
}

/** The text of the standard input, under a name. */
export function readStandardInput(name: string): ReadText {
  try {
    return decode(name, readAll(STANDARD_INPUT));
  } catch (error) {
    return problem(name, causeOf(error));
  }
}

/** What went wrong, without the name of a class. */
export function causeOf(error: unknown): string {
  return String(error).replace(/^\w*Error: /, '');
}

/** All bytes, but not many more than are taken. */
function readAll(descriptor: number): Buffer {
  const pieces: Buffer[] = [];
  let length = 0;
  while (length <= MOST_BYTES) {
    const piece = Buffer.allocUnsafe(PIECE);
    const count = readPiece(descriptor, piece);
    if (count === 0) break;
    pieces.push(piece.subarray(0, count));
    length += count;
  }
  return Buffer.concat(pieces, length);
}

function readPiece(descriptor: number, piece: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, piece);
    } catch (error) {
      // A terminal or a slow pipe may have nothing to say yet.
      if (!isCode(error, 'EAGAIN')) {
        if (isCode(error, 'EOF')) return 0;
        throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function decode(file: string, bytes: Buffer): ReadText {
  if (bytes.length > MOST_BYTES) return problem(file, tooLarge(undefined));
  if (isUtf16(bytes)) return problem(file, 'it is a text in UTF-16: write it in UTF-8');
  const binary = bytes.indexOf(0);
  if (binary !== -1) return problem(file, 'it is no text: it has a zero byte', lineOf(bytes, binary));
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return problem(file, 'it is no text in UTF-8', lineOfBrokenText(bytes));
  }
}

function isUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** The line of the first byte that is no UTF-8. */
function lineOfBrokenText(bytes: Buffer): number {
  const end = bytes.toString('utf8').indexOf('\uFFFD');
  return end === -1 ? 1 : bytes.toString('utf8').slice(0, end).split('\n').length;
}

function lineOf(bytes: Buffer, offset: number): number {
  return bytes.subarray(0, offset).toString('latin1').split('\n').length;
}

function tooLarge(size: number | undefined): string {
  const limit = `${MOST_BYTES / 1024 / 1024} MiB`;
  const has =
    size === undefined
      ? `it has more than ${limit}`
      : `it has ${Math.ceil(size / 1024 / 1024)} MiB, and at most ${limit} are read`;
  return `${has}: divide it into several files`;
}

function problem(file: string, message: string, line = 1): ReadText {
  return { problem: { file, line, message } };
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
