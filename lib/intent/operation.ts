import { Code, MeshError } from '../errors';
import { givenList, givenMade, givenOptions } from './given';
import { PathMatch } from './path-match';

/** Conditions of an HTTP operation; both given means both must hold. */
export interface HttpOperationOptions {
  /**
   * HTTP methods in capitals.
   * @default - every method
   */
  readonly methods?: string[];
  /**
   * Paths, any of which matches.
   * @default - every path
   */
  readonly paths?: PathMatch[];
}

/**
 * Something that a caller may do on a port that carries requests.
 *
 * @example
 * import { Operation, PathMatch } from 'cdk8s-mesh';
 * const charge = Operation.grpc('hipstershop.PaymentService', 'Charge');
 * const read = Operation.http({ methods: ['GET'], paths: [PathMatch.prefix('/api')] });
 */
export class Operation {
  /** Methods of a gRPC service (with its package); without methods, all of that service. */
  static grpc(service: string, ...methods: string[]): Operation {
    for (const name of [service, ...methods]) {
      if (!/^[A-Za-z_][\w.]*$/.test(name)) {
        throw new MeshError(
          Code.OPERATION,
          `gRPC name \`${name}\` is not one`,
          'write `package.Service` and then the names of its methods, without slashes',
        );
      }
    }
    const paths =
      methods.length === 0
        ? [PathMatch.prefix(`/${service}`)]
        : [...new Set(methods)].map((method) => PathMatch.exact(`/${service}/${method}`));
    return new Operation(true, ['POST'], paths);
  }

  /** HTTP requests by method and path. */
  static http(options: HttpOperationOptions): Operation {
    const { methods = [], paths = [] } = givenOptions('options of an HTTP operation', options);
    givenList('`methods` of an operation', methods);
    givenList('`paths` of an operation', paths).forEach((path) =>
      givenMade('a path of an operation', path, 'kind', 'made by `PathMatch`'),
    );
    const empty = options.methods?.length === 0 ? 'methods' : options.paths?.length === 0 ? 'paths' : undefined;
    if (empty !== undefined && methods.length + paths.length > 0) {
      throw new MeshError(
        Code.OPERATION,
        `HTTP operation has empty \`${empty}\`, which would limit nothing`,
        `name some, or leave \`${empty}\` out to mean every one`,
      );
    }
    if (methods.length === 0 && paths.length === 0) {
      throw new MeshError(
        Code.OPERATION,
        'HTTP operation without `methods` and `paths` would allow everything',
        'name one of them, or leave `operations` out to allow the whole port',
      );
    }
    return new Operation(false, requireMethods(methods), paths);
  }

  /**
   * HTTP requests by method and path, none of which means every one.
   * @internal
   */
  static _http(methods: readonly string[], paths: readonly PathMatch[]): Operation {
    return new Operation(false, [...methods], [...paths]);
  }

  /** Whether this is an operation of a gRPC service. */
  readonly isGrpc: boolean;
  /** HTTP methods, any of which matches; none means every method. */
  readonly methods: string[];
  /** Paths, any of which matches; none means every path. */
  readonly paths: PathMatch[];

  private constructor(isGrpc: boolean, methods: string[], paths: PathMatch[]) {
    this.isGrpc = isGrpc;
    this.methods = methods;
    this.paths = paths;
  }
}

/** An operation as messages name it. */
export function describeOperation({ isGrpc, methods, paths }: Operation): string {
  const where = paths.map(({ kind, value }) => `${kind} ${value}`).join(', ');
  return isGrpc ? paths.map(({ value }) => value.slice(1)).join(', ') : [methods.join('|'), where].join(' ').trim();
}

/** Refuses what is no HTTP method in capitals; each once. */
export function requireMethods(methods: readonly string[]): string[] {
  for (const method of methods) {
    if (!/^[A-Z][A-Z-]*$/.test(method)) {
      throw new MeshError(
        Code.OPERATION,
        `HTTP method \`${method}\` is not one`,
        `write it in capitals, for example \`${method.toUpperCase().replace(/[^A-Z-]/g, '') || 'GET'}\``,
      );
    }
  }
  return [...new Set(methods)];
}
