import { CALLER_NAMES, CALLERS, type CallerName } from './matrix-callers'

/** One line of the authorization matrix: an operation and how it answered each caller. */
export interface MatrixRow {
  /** What stands together: `team mutations`, `fields of Team`. */
  readonly section: string
  readonly name: string
  /** The permission or requirement that the schema names, or nothing. */
  readonly needs: string
  /** `ok`, `null`, or the code of the error. */
  readonly answers: ReadonlyMap<CallerName, string>
}

// Two words for one refusal share a sign: a query answers null where a mutation answers NOT_FOUND.
const SIGNS: Readonly<Record<string, string>> = {
  ok: 'ok',
  FORBIDDEN: 'no',
  NOT_FOUND: '·',
  null: '·',
  UNAUTHENTICATED: '?',
}

const LEGEND = `Who may do what. Made by authorization-matrix.test.ts; renew with UPDATE_GOLDEN=1, and read what changed.

ok   answered, or done                               ·   NOT_FOUND, or null: as if it did not exist
no   FORBIDDEN: seen, but the permission is missing  ?   UNAUTHENTICATED
1 …  another error, named at the end of the line: not who asks stands against it

"The project" and "the team" are the ones that an operation is about. Where it is about no project, keys of projects and
service accounts work in the default one.
`

/** The matrix as people read it: a legend, then a table per section. */
export function printMatrix(rows: readonly MatrixRow[]): string {
  const callers = CALLER_NAMES.map((name) => `${name.padEnd(8)}  ${CALLERS[name]}`)
  const sectionNames = [...new Set(rows.map(({ section }) => section))]
  const nameWidth = Math.max(...[...rows.map(({ name }) => name), ...sectionNames].map((text) => text.length))
  const needsWidth = Math.max(...rows.map(({ needs }) => needs.length))
  const sections = sectionNames.map((section) => {
    const head = `${section.toUpperCase().padEnd(nameWidth)}  ${'needs'.padEnd(needsWidth)}  ${columns(CALLER_NAMES)}`
    const lines = rows
      .filter((row) => row.section === section)
      .map((row) => `${row.name.padEnd(nameWidth)}  ${row.needs.padEnd(needsWidth)}  ${cells(row)}`)
    return [head, ...lines].map((line) => line.trimEnd()).join('\n')
  })
  return `${[LEGEND.concat('\n', callers.join('\n')), ...sections].join('\n\n')}\n`
}

function cells({ answers }: MatrixRow): string {
  const notes: string[] = []
  const signs = CALLER_NAMES.map((caller) => {
    const answer = answers.get(caller)!
    if (SIGNS[answer]) return SIGNS[answer]!
    if (!notes.includes(answer)) notes.push(answer)
    return `${notes.indexOf(answer) + 1}`
  })
  return `${columns(signs)}  ${notes.map((note, index) => `${index + 1} ${note}`).join(', ')}`
}

function columns(texts: readonly string[]): string {
  return texts.map((text, index) => text.padEnd(CALLER_NAMES[index]!.length)).join('  ')
}
