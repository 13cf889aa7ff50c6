import { Operation, PathMatch, Peer } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { bookinfo } from '../samples';

/** Who comes from outside reads pages, and each service behind them answers what its own caller asks, by method and path. */
export function authorizationHttp(scope: Construct): void {
  const productpage = bookinfo(scope, 'productpage');
  const details = bookinfo(scope, 'details');
  const reviews = bookinfo(scope, 'reviews');
  const ratings = bookinfo(scope, 'ratings');

  const read = (...paths: PathMatch[]) => ({ operations: [Operation.http({ methods: ['GET'], paths })] });
  const pages = read(PathMatch.exact('/productpage'), PathMatch.prefix('/static'));
  productpage.access.allowFrom(Peer.ingressGateway(), pages);
  details.access.allowFrom(productpage, read(PathMatch.prefix('/details')));
  reviews.access.allowFrom(productpage, read(PathMatch.prefix('/reviews')));
  ratings.access.allowFrom(reviews, read(PathMatch.prefix('/ratings')));
}
