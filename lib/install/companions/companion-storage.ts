import { Code, MeshError } from '../../errors';
import { requireDnsLabel } from '../../intent/names';
import { isQuantity } from '../../options/proxy';

/**
 * Where a companion keeps what it collects.
 *
 * @example
 * import { CompanionStorage } from 'cdk8s-mesh';
 * CompanionStorage.volume('50Gi');
 */
export class CompanionStorage {
  /**
   * On a volume of this size, a Kubernetes quantity such as `50Gi`. Without a storage class it is of the cluster's default
   * one.
   */
  static volume(size: string, storageClass?: string): CompanionStorage {
    if (!isQuantity(size)) {
      throw new MeshError(Code.QUANTITY, `size \`${size}\` of a volume is no quantity`, 'write it as `50Gi`');
    }
    if (storageClass !== undefined) requireDnsLabel('storage class of a volume', storageClass);
    return new CompanionStorage(size, storageClass);
  }

  /** In the pod: what was collected is gone with it. */
  static temporary(): CompanionStorage {
    return new CompanionStorage(undefined, undefined);
  }

  private constructor(
    /**
     * Undefined where it is temporary.
     * @internal
     */
    readonly _size: string | undefined,
    /**
     * @internal
     */
    readonly _storageClass: string | undefined,
  ) {}
}
