const { isBuiltin } = require('node:module');
const { posix, relative, sep } = require('node:path');
const architecture = require('./architecture');

/** Imports go one way: every import of lib/ and examples/ must be allowed by the table of the architecture. */
/** @type {import('eslint').Rule.RuleModule} */
module.exports = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = relative(context.cwd, context.filename).split(sep).join('/');
    if (!/^(lib|examples)\//.test(file)) return {};
    const area = areaOf(file);
    if (!area) return { Program: (node) => context.report({ node, message: homeless(file) }) };
    const check = (node, source, typesOnly) => {
      const reason = refusal(file, area, stringOf(source), typesOnly);
      if (reason) context.report({ node, message: reason });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source, node.importKind === 'type'),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ExportNamedDeclaration: (node) => node.source && check(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.source, true),
      TSExternalModuleReference: (node) => check(node, node.expression, false),
      'CallExpression[callee.name="require"]': (node) => check(node, node.arguments[0], false),
      'CallExpression[callee.object.name="require"][callee.property.name="resolve"]': (node) =>
        check(node, node.arguments[0], false),
    };
  },
};

function refusal(file, area, source, typesOnly) {
  if (typeof source !== 'string') return 'what is imported must be a string literal; fix: write the path out';
  const from = `\`${area.folder}\` must not import`;
  if (isBuiltin(source)) return area.node ? undefined : `${from} Node's \`${source}\``;
  if (!source.startsWith('.')) return mayImportPackage(area, source) ? undefined : `${from} the package \`${source}\``;

  const target = posix.join(posix.dirname(file), source);
  if (sameArea(file, target, area)) return undefined;
  const allowed = (area.areas ?? []).find((folder) => isWithin(target, folder));
  if (!allowed) return `${from} \`${target}\``;
  if (allowed === 'imports' && !typesOnly) return `\`${target}\` has types only; fix: \`import type\``;
  return undefined;
}

function stringOf(source) {
  const literal = source?.type === 'TSLiteralType' ? source.literal : source;
  return literal?.value;
}

function homeless(file) {
  return `\`${file}\` belongs to no part of the architecture; fix: add its folder to eslint/architecture.js`;
}

function areaOf(path) {
  return architecture.find(({ folder }) =>
    folder.endsWith('/*') ? path.startsWith(folder.slice(0, -1)) && path.split('/').length > 2 : isWithin(path, folder),
  );
}

function sameArea(file, target, { folder }) {
  if (!folder.endsWith('/*')) return isWithin(target, folder);
  const depth = folder.split('/').length;
  const own = file.split('/').slice(0, depth).join('/');
  return isWithin(target, own);
}

function isWithin(path, folder) {
  const root = folder.replace(/\.ts$/, '');
  return path === root || path === `${root}.ts` || path.startsWith(`${root}/`);
}

function mayImportPackage({ packages = [] }, source) {
  return packages.some((name) => source === name || source.startsWith(`${name}/`));
}
