import { Code, MeshError } from '../../errors';
import { givenList, givenOptions } from '../../intent/given';
import { requireDnsLabel } from '../../intent/names';
import { requireUrl } from '../../options/url';
import type { Values } from '../helm-release';

/** An Elasticsearch that is there already. */
export interface JaegerElasticsearchOptions {
  /** Its addresses, for example `https://elasticsearch.logging:9200`. */
  readonly urls: string[];
  /**
   * Name of a Secret in the namespace of Jaeger with the keys `username` and `password`.
   * @default - Jaeger does not log in
   */
  readonly secret?: string;
  /**
   * What the names of its indices begin with.
   * @default - nothing
   */
  readonly indexPrefix?: string;
}

/**
 * Where Jaeger keeps spans.
 *
 * @example
 * import { JaegerStorage } from 'cdk8s-mesh';
 * JaegerStorage.elasticsearch({ urls: ['https://elasticsearch.logging:9200'], secret: 'jaeger-elasticsearch' });
 */
export class JaegerStorage {
  /** In the memory of its pod, the newest ones: they are gone with it. */
  static memory(): JaegerStorage {
    return new JaegerStorage({});
  }

  /** In an Elasticsearch that is there already. Who deletes old spans is up to it. */
  static elasticsearch(options: JaegerElasticsearchOptions): JaegerStorage {
    const { urls, secret, indexPrefix } = givenOptions('options of `JaegerStorage.elasticsearch`', options);
    const servers = givenList('`urls` of `JaegerStorage.elasticsearch`', urls);
    if (servers.length === 0) {
      throw new MeshError(Code.COMPANION, '`urls` of `JaegerStorage.elasticsearch` is `[]`', 'give one or more');
    }
    if (secret !== undefined) requireDnsLabel('secret of `JaegerStorage.elasticsearch`', secret);
    return new JaegerStorage({
      ...(secret === undefined
        ? {}
        : {
            jaeger: {
              extraEnv: ['username', 'password'].map((key) => ({
                name: `ES_${key.toUpperCase()}`,
                valueFrom: { secretKeyRef: { name: secret, key } },
              })),
            },
          }),
      userconfig: configuration({
        server_urls: servers.map((url) => requireUrl('urls', url)),
        ...(secret === undefined
          ? {}
          : { auth: { basic: { username: '${env:ES_USERNAME}', password: '${env:ES_PASSWORD}' } } }),
        ...(indexPrefix === undefined ? {} : { indices: { index_prefix: indexPrefix } }),
      }),
    });
  }

  private constructor(
    /**
     * What it adds to the values of the chart.
     * @internal
     */
    readonly _values: Values,
  ) {}
}

/** Jaeger's configuration, of which the chart takes all or nothing: https://www.jaegertracing.io/docs/latest/deployment/configuration */
function configuration(elasticsearch: object): Values {
  return {
    service: {
      extensions: ['jaeger_storage', 'jaeger_query', 'healthcheckv2'],
      pipelines: { traces: { receivers: ['otlp'], processors: ['batch'], exporters: ['jaeger_storage_exporter'] } },
    },
    extensions: {
      healthcheckv2: { use_v2: true, http: { endpoint: '0.0.0.0:13133' } },
      jaeger_query: { storage: { traces: 'main' } },
      jaeger_storage: { backends: { main: { elasticsearch } } },
    },
    receivers: {
      otlp: { protocols: { grpc: { endpoint: '0.0.0.0:4317' }, http: { endpoint: '0.0.0.0:4318' } } },
    },
    processors: { batch: {} },
    exporters: { jaeger_storage_exporter: { trace_storage: 'main' } },
  };
}
