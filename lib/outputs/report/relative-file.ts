import { isAbsolute, relative, resolve, sep } from 'node:path';

/** A file as it is called from a folder; one outside of it keeps its whole path. */
export function relativeFile(folder: string, file: string): string {
  // The standard input.
  if (/^<.*>$/.test(file)) return file;
  const path = relative(folder, resolve(folder, file));
  const isInside = path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
  return (isInside ? path : resolve(folder, file)).split(sep).join('/');
}
