import type { KubeObject } from '../../manifests/objects';
import { apiGroup } from '../../manifests/objects';
import { installRank } from './install-rank';

/** Texts by which objects are put in order: the same for the same objects, however they came about. */
export class SortKeys {
  private readonly types = new Map<string, string>();

  of(object: KubeObject, path: string): string {
    const { metadata } = object;
    return `${this.typeKey(object)}\0${metadata?.namespace ?? ''}\0${metadata?.name ?? ''}\0${path}`;
  }

  private typeKey(object: KubeObject): string {
    const type = `${object.apiVersion}\0${object.kind}`;
    const known = this.types.get(type);
    if (known !== undefined) return known;
    const rank = installRank(object).toFixed(1).padStart(5, '0');
    const key = `${rank}\0${object.kind}\0${apiGroup(object.apiVersion)}`;
    this.types.set(type, key);
    return key;
  }
}
