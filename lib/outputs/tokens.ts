import type { ApiObject, App } from 'cdk8s';
import { ImplicitTokenResolver, LazyResolver, NumberStringUnionResolver, ResolutionContext } from 'cdk8s';
import type { Path, Tokens } from './plain-data';
import { UnfitValue } from './plain-data';

const OF_CDK8S = [LazyResolver, ImplicitTokenResolver, NumberStringUnionResolver];

// What is replaced more often is replaced by itself.
const MOST_ROUNDS = 500;

/** How the resolvers of an app replace the values of its objects. */
export function tokensOf({ resolvers }: App): (apiObject: ApiObject) => Tokens {
  // Those of cdk8s never touch plain data, which is nearly everything; those of a user may.
  const anywhere = resolvers.some((resolver) => !OF_CDK8S.some((type) => resolver instanceof type));
  return (apiObject) => ({ anywhere, replace: (value, path) => replaceToken(resolvers, apiObject, value, path) });
}

function replaceToken(resolvers: App['resolvers'], apiObject: ApiObject, value: unknown, path: Path): unknown {
  let at = value;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if (at === undefined || at === null) return at;
    const context = new ResolutionContext(apiObject, path.map(String), at);
    for (const resolver of resolvers) {
      resolver.resolve(context);
      if (context.replaced) break;
    }
    if (!context.replaced) return at;
    at = context.replacedValue as unknown;
  }
  throw new UnfitValue([...path], 'a token that resolves to itself', 'let it resolve to data');
}
