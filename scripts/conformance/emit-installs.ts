import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { Chart } from 'cdk8s';
import type { RenderedOptions } from 'cdk8s-mesh';
import { Delivery, IstioInstall, IstioMesh, IstioRevisionTags, Mesh, MeshApp } from 'cdk8s-mesh';
import { TerraformDelivery } from 'cdk8s-mesh/terraform';
import { App as TerraformApp, TerraformStack } from 'cdktf';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INSTALLS } from './installs';

// Reads a list of requests, and writes what each emits: npm run -s conformance -- install

interface Request {
  readonly install: string;
  readonly delivery: string;
  /** For tools that install none. */
  readonly withoutGateways?: boolean;
  /** Of `Delivery.rendered`. */
  readonly rendered?: Partial<RenderedOptions>;
  readonly chartRepository?: string;
}

/** The files that are emitted, by name, or why there are none. */
interface Answer {
  readonly files?: Readonly<Record<string, string>>;
  readonly error?: string;
}

function emitted(request: Request): Answer {
  const outdir = mkdtempSync(join(tmpdir(), 'install-'));
  try {
    synthesize(request, outdir);
    const files = readdirSync(outdir, { recursive: true, encoding: 'utf8', withFileTypes: true });
    return {
      files: Object.fromEntries(
        files
          .filter((file) => file.isFile() && /\.(yaml|istioctl|tf\.json)$/.test(file.name))
          .map(({ name, parentPath }) => [name, readFileSync(join(parentPath, name), 'utf8')]),
      ),
    };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function synthesize({ install: name, rendered, chartRepository, ...request }: Request, outdir: string): void {
  const props = INSTALLS[name];
  if (props === undefined) throw new Error(`there is no install \`${name}\``);
  const terraform = new TerraformApp({ outdir });
  const app = new MeshApp({ outdir });
  const install = new IstioInstall(new Chart(app, 'istio'), 'Istio', {
    ...props,
    ...(chartRepository === undefined ? {} : { chartRepository }),
    ...(request.withoutGateways === true ? { gateways: [] } : {}),
    delivery: delivery(request.delivery, terraform, rendered),
  });
  if (props.tag !== undefined) new IstioRevisionTags(new Chart(app, 'istio-tags'), 'Tags', { install });
  Mesh.use(app, IstioMesh.fromInstall(install));
  app.synth();
  if (request.delivery === 'terraform') terraform.synth();
}

function delivery(tool: string, terraform: TerraformApp, rendered: Partial<RenderedOptions> | undefined): Delivery {
  switch (tool) {
    case 'argoCd':
      return Delivery.argoCd();
    case 'flux':
      return Delivery.flux();
    case 'rendered':
      return Delivery.rendered({ kubernetesVersion: '1.33', ...rendered });
    case 'sail':
      return Delivery.sail();
    case 'istioctl':
      return Delivery.istioctl();
    case 'terraform': {
      const stack = new TerraformStack(terraform, 'istio');
      new HelmProvider(stack, 'helm', { kubernetes: { configPath: '~/.kube/config' } });
      return TerraformDelivery.helm(stack);
    }
    default:
      throw new Error(`there is no delivery \`${tool}\``);
  }
}

const [requests = '', answers = ''] = process.argv.slice(2);
const all = JSON.parse(readFileSync(requests, 'utf8')) as readonly Request[];
writeFileSync(answers, JSON.stringify(all.map(emitted)));
