/** The parts of package.json that matter to jsii. */
export interface PackageManifest {
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/**
 * The package.json with which jsii compiles lib/. The published one stays free of it: jsii wants all that is no jsii package
 * bundled, knows no optional peers, and compiles next to the sources.
 */
export function jsiiManifest(manifest: PackageManifest): Record<string, unknown> {
  const { name, version, description, license, author, repository, peerDependencies, dependencies } = manifest;
  const optional = manifest.peerDependenciesMeta ?? {};
  const peers = Object.entries(peerDependencies).filter(([peer]) => !optional[peer]?.optional);
  return {
    name,
    version,
    description,
    license,
    author,
    repository,
    main: 'lib/index.js',
    types: 'lib/index.d.ts',
    jsii: { outdir: 'dist', targets: {}, versionFormat: 'full' },
    peerDependencies: Object.fromEntries(peers),
    devDependencies: Object.fromEntries(peers.map(([peer, range]) => [peer, range.replace(/^[^\d]+/, '')])),
    dependencies,
    bundledDependencies: Object.keys(dependencies),
  };
}
