import { join } from 'node:path';
import { Include } from 'cdk8s';
import type { Construct } from 'constructs';

/** A file as its owners wrote it. */
export function include(scope: Construct, file: string): Include {
  return new Include(scope, file, { url: join(__dirname, 'manifests', file) });
}
