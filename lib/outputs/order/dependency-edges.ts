import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Dependency } from './dependencies';
import { objectsOf } from './dependencies';
import type { Graph } from './graph';

/**
 * A dependency holds between all objects below two constructs. Two vertices in between, one after all objects of the target and
 * one before all objects of the source, keep the number of edges the sum of both and not their product.
 */
export class DependencyEdges {
  private readonly vertexOf = new Map<IConstruct, number>();
  private readonly ends = new Map<IConstruct, number>();
  private readonly starts = new Map<IConstruct, number>();

  constructor(
    private readonly graph: Graph,
    private readonly names: IConstruct[],
  ) {
    names.forEach((construct, vertex) => this.vertexOf.set(construct, vertex));
  }

  connect(declared: readonly Dependency[]): void {
    for (const dependency of declared) {
      const { source, target } = dependency;
      if (isWithin(source, target) || isWithin(target, source)) {
        this.connectOverlapping(dependency);
      } else {
        this.graph.connect(this.endOf(target), this.startOf(source));
      }
    }
  }

  /** What lies in both neither waits nor is waited for. */
  private connectOverlapping({ source, target }: Dependency): void {
    const [sources, targets] = [objectsOf(source), objectsOf(target)];
    const shared = new Set<IConstruct>(sources.filter((object) => isWithin(object, target)));
    const between = this.add(source);
    this.vertices(targets.filter((object) => isWithin(target, source) || !shared.has(object))).forEach((vertex) =>
      this.graph.connect(vertex, between),
    );
    this.vertices(sources.filter((object) => isWithin(source, target) || !shared.has(object))).forEach((vertex) =>
      this.graph.connect(between, vertex),
    );
  }

  private endOf(target: IConstruct): number {
    return this.remembered(this.ends, target, (end) =>
      this.vertices(objectsOf(target)).forEach((vertex) => this.graph.connect(vertex, end)),
    );
  }

  private startOf(source: IConstruct): number {
    return this.remembered(this.starts, source, (start) =>
      this.vertices(objectsOf(source)).forEach((vertex) => this.graph.connect(start, vertex)),
    );
  }

  private remembered(known: Map<IConstruct, number>, construct: IConstruct, tie: (vertex: number) => void): number {
    const existing = known.get(construct);
    if (existing !== undefined) return existing;
    const vertex = this.add(construct);
    known.set(construct, vertex);
    tie(vertex);
    return vertex;
  }

  private add(construct: IConstruct): number {
    this.names.push(construct);
    return this.graph.add();
  }

  private vertices(objects: readonly ApiObject[]): readonly number[] {
    return objects.flatMap((object) => this.vertexOf.get(object) ?? []);
  }
}

function isWithin(construct: IConstruct, scope: IConstruct): boolean {
  return construct.node.scopes.includes(scope);
}
