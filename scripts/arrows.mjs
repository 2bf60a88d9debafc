// Which way imports may point, as data; scripts/check-arrows.mjs applies it to src and scim.
//   kernel ← platform ← access ← modules ← { graphql | sign-in | rest | worker | scim } ← main, app, entities, commands, dev
// src/http is what the transports share about a request: who calls, from where, with which cookie.

const FRONT_DOORS = /^src\/modules\/[^/]+\/index\.ts$/
const KERNEL = /^src\/kernel\//
const ACCESS = /^src\/access\//
const HTTP = /^src\/http\/index\.ts$/
const ANYTHING = /^(?:src|scim)\//
// A transport that opens a connection or queues mail itself would bypass the use cases.
const PLATFORM_FOR_TRANSPORTS = /^src\/platform\/(?!database|embedded-postgres|outbox|mailer|migrations)/
const TRANSPORT = [KERNEL, PLATFORM_FOR_TRANSPORTS, ACCESS, HTTP, FRONT_DOORS]

/**
 * Every file belongs to exactly one layer, the first that holds it, and imports from itself and from `may`. A layer with
 * `packages: 'none'` uses neither packages nor Node's modules: it is computation alone.
 */
export const LAYERS = [
  { name: 'kernel', holds: KERNEL, may: [] },
  { name: 'platform', holds: /^src\/platform\//, may: [KERNEL] },
  { name: 'access', holds: ACCESS, may: [KERNEL, /^src\/platform\//] },
  { name: 'modules', holds: /^src\/modules\//, may: [KERNEL, /^src\/platform\//, ACCESS] },
  { name: 'http', holds: /^src\/http\//, may: [KERNEL, PLATFORM_FOR_TRANSPORTS, ACCESS] },
  { name: 'graphql', holds: /^src\/graphql\//, may: TRANSPORT },
  { name: 'sign-in', holds: /^src\/sign-in\//, may: TRANSPORT },
  { name: 'rest', holds: /^src\/rest\//, may: TRANSPORT },
  { name: 'worker', holds: /^src\/worker\//, may: [KERNEL, /^src\/platform\//, ACCESS, FRONT_DOORS] },
  { name: 'scim/protocol', holds: /^scim\/protocol\//, may: [], packages: 'none' },
  { name: 'scim/provider', holds: /^scim\/provider\//, may: [/^scim\/protocol\/index\.ts$/, ...TRANSPORT] },
  { name: 'scim/http', holds: /^scim\/http\//, may: [/^scim\/(?:protocol|provider)\//, ...TRANSPORT] },
  { name: 'composition', holds: /^src\/(?:main|app|entities|welcome)\.tsx?$|^src\/commands\//, may: [ANYTHING] },
  { name: 'dev', holds: /^src\/dev\//, may: [ANYTHING] },
]

/** A package, and the only files that may import it. */
export const PACKAGES = [
  { name: 'typeorm', only: /^src\/platform\/|\.(?:entity|store)\.ts$/ },
  { name: 'pg', only: /^src\/platform\/|^src\/commands\// },
  { name: 'embedded-postgres', only: /^src\/platform\// },
  { name: 'nodemailer', only: /^src\/platform\// },
  { name: 'type-graphql', only: /^src\/graphql\// },
  { name: '@apollo/server', only: /^src\/graphql\// },
  { name: 'openid-client', only: /^src\/sign-in\// },
  { name: 'oidc-provider', only: /^src\/dev\// },
  { name: 'samlp', only: /^src\/dev\// },
]

/** Whether a file puts the parts together, and so stands above all of them. */
export const isComposition = (file) => LAYERS.find(({ holds }) => holds.test(file))?.name === 'composition'

const moduleOf = (file) => /^src\/modules\/([^/]+)\//.exec(file)?.[1]
// What a model may use while it runs: the kernel, other models, and the permissions, which are data.
const PURE = /^src\/kernel\/|^src\/access\/permissions\.ts$|^src\/modules\/.+\.model\.ts$/
const isModel = (file) => /^src\/modules\/.+\.model\.ts$/.test(file)

/**
 * Says what one import breaks.
 *
 * @param edge  { from, to, kind }: `from` and `to` are paths from the root, `to` of a package is its specifier;
 *              kind is 'static' | 'type' | 'dynamic'
 * @returns     sentences, none when the import is allowed
 */
export function broken({ from, to, kind }) {
  const layer = LAYERS.find(({ holds }) => holds.test(from))
  if (!layer) return ['its folder belongs to no layer; name it in scripts/arrows.mjs']
  const problems = ANYTHING.test(to) ? brokenInside(layer, from, to, kind) : brokenOutside(layer, from, to)
  if (isModel(from) && kind !== 'type' && !PURE.test(to)) problems.push('a model is pure')
  return problems
}

function brokenInside(layer, from, to, kind) {
  const problems = []
  if (![layer.holds, ...layer.may].some((allowed) => allowed.test(to))) problems.push(`${layer.name} may not import it`)
  if (layer.name === 'modules' && moduleOf(to) && moduleOf(to) !== moduleOf(from) && !FRONT_DOORS.test(to)) {
    problems.push('another module is imported through its index.ts')
  }
  if (/^src\/dev\//.test(to) && layer.name === 'composition' && kind === 'static') {
    problems.push('production never loads src/dev; use import() behind the environment')
  }
  return problems
}

function brokenOutside(layer, from, specifier) {
  if (layer.packages === 'none') return [`${layer.name} imports no package and no module of Node`]
  return PACKAGES.filter(({ name }) => specifier === name || specifier.startsWith(`${name}/`))
    .filter(({ only }) => !only.test(from))
    .map(({ name, only }) => `${name} is imported only by files matching ${only.source}`)
}
