// `npm run arrows`: reads every import in src and scim and holds it against scripts/arrows.mjs; finds cycles between
// files and between neighbouring folders. The parser is swc's, since no import checker reads TSX without the compiler
// API that TypeScript 7 no longer has. An other root may be named: `node scripts/check-arrows.mjs FOLDER`.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, posix, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from '@swc/core'
import { broken, isComposition } from './arrows.mjs'

const root = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..'))
const files = ['src', 'scim'].flatMap(sourcesIn)
const edges = files.flatMap(importsOf)
const violations = [
  ...edges.flatMap((edge) => broken(edge).map((problem) => `${edge.from} → ${edge.to}: ${problem}`)),
  ...cyclesIn(edges.filter(({ to }) => files.includes(to))).map((cycle) => `files in a circle: ${cycle}`),
  ...cyclesIn(edges.flatMap(betweenFolders)).map((cycle) => `folders in a circle: ${cycle}`),
]

for (const violation of [...new Set(violations)].sort()) console.error(violation)
console.log(`arrows: ${files.length} modules, ${edges.length} imports, ${violations.length} violations`)
if (files.length === 0) console.error('arrows: nothing was read, so nothing was checked')
process.exitCode = violations.length > 0 || files.length === 0 ? 1 : 0

function sourcesIn(folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true })
    .map((name) => posix.join(folder, name.split(sep).join('/')))
    .filter((name) => /\.tsx?$/.test(name))
    .sort()
}

function importsOf(file) {
  const program = parseSync(readFileSync(join(root, file), 'utf8'), {
    syntax: 'typescript',
    tsx: file.endsWith('.tsx'),
    decorators: true,
  })
  return [...importsIn(program)].map(({ specifier, kind }) => ({ from: file, to: target(file, specifier), kind }))
}

/** Walks the whole syntax tree: import() and type queries stand anywhere. */
function* importsIn(node) {
  if (node === null || typeof node !== 'object') return
  const found = importAt(node)
  if (found) yield found
  for (const child of Object.values(node)) yield* importsIn(child)
}

function importAt(node) {
  switch (node.type) {
    case 'ImportDeclaration':
      return { specifier: node.source.value, kind: isTypeOnly(node) ? 'type' : 'static' }
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return node.source ? { specifier: node.source.value, kind: isTypeOnly(node) ? 'type' : 'static' } : undefined
    case 'TsExternalModuleReference':
      return { specifier: node.expression.value, kind: 'static' }
    case 'TsImportType':
      return { specifier: node.argument.value, kind: 'type' }
    case 'CallExpression':
      return importCall(node)
  }
}

function isTypeOnly({ typeOnly, specifiers = [] }) {
  return typeOnly || (specifiers.length > 0 && specifiers.every(({ isTypeOnly: isType }) => isType))
}

function importCall({ callee, arguments: [first] }) {
  const kind = { Import: 'dynamic', Identifier: callee.value === 'require' ? 'static' : undefined }[callee.type]
  if (!kind || first?.expression.type !== 'StringLiteral') return undefined
  return { specifier: first.expression.value, kind }
}

function target(from, specifier) {
  if (!specifier.startsWith('.')) return specifier
  const path = posix.join(posix.dirname(from), specifier)
  // TypeScript wants the compiled name in import(), and only there.
  const candidates = [
    path.replace(/\.js$/, '.ts'),
    `${path}.ts`,
    `${path}.tsx`,
    `${path}/index.ts`,
    `${path}/index.tsx`,
  ]
  const found = candidates.find((name) => statSync(join(root, name), { throwIfNoEntry: false })?.isFile())
  if (!found) throw new Error(`${from} imports ${specifier}, which does not exist`)
  return found
}

/**
 * An import as an arrow between the two neighbouring folders where the paths part; none when one of them is a file, or
 * puts the parts together.
 */
function betweenFolders({ from, to }) {
  const [start, end] = [from.split('/'), to.split('/')]
  const parting = start.findIndex((part, index) => part !== end[index])
  const areFolders = parting < start.length - 1 && parting < end.length - 1 && files.includes(to)
  if (parting < 0 || !areFolders || isComposition(from)) return []
  return [{ from: start.slice(0, parting + 1).join('/'), to: end.slice(0, parting + 1).join('/') }]
}

/** Circles by depth-first search; each is reported once, by the arrow that closes it. */
function cyclesIn(arrows) {
  const next = new Map()
  for (const { from, to } of arrows) next.set(from, (next.get(from) ?? new Set()).add(to))
  const state = new Map()
  const cycles = []
  const visit = (node, path) => {
    if (state.get(node) === 'done') return
    if (state.get(node) === 'open') {
      cycles.push([...path.slice(path.indexOf(node)), node].join(' → '))
      return
    }
    state.set(node, 'open')
    for (const to of next.get(node) ?? []) visit(to, [...path, node])
    state.set(node, 'done')
  }
  for (const node of next.keys()) visit(node, [])
  return cycles
}
