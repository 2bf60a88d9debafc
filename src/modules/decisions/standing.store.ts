import { type AskedPermission, PERMISSIONS } from '../../access'
import type { Statement, Transaction } from '../../platform/database'
import { distinctPlaces, type Place, type PresentedSubject, type Question, type SubjectKind } from './question.model'
import { type KnownSubject, knownSubject, type StandingRow, standingOf } from './standing.model'
import { type Parts, standingStatement } from './standing.statement'

/** A question with everything that decides it. */
export interface LoadedQuestion {
  /** Null when it is neither Gatehouse's nor registered, or was retired. */
  readonly permission: AskedPermission | null
  readonly standing: ReturnType<typeof standingOf>
  /** Null when nobody is meant. */
  readonly subject: KnownSubject | null
}

/**
 * Loads what decides these questions: one statement for each kind of subject among them, and one for the permissions of
 * the platform where some are asked about, whatever the number of questions. Each row is found by an index.
 *
 * @returns  in the order of the questions; of what roles allow, they hold what was asked for
 */
export async function loadQuestions(
  tx: Transaction,
  organizationId: string,
  questions: readonly Question[],
): Promise<LoadedQuestion[]> {
  const { kinds, permissions } = distinctPlaces(questions)
  // Every organization role is asked whether it sees all projects.
  const asked = [...permissions.filter(isPermissionKey), 'project.read']
  const ofThePlatform = asked.filter((key) => !(key in PERMISSIONS))
  const [registered, ...groups] = await Promise.all([
    ofThePlatform.length > 0 ? tx.query<PlatformRow>(ASKED_PERMISSIONS, [ofThePlatform]) : NO_ROWS,
    ...kinds.map(({ kind, places }) => loadPlaces(tx, organizationId, kind, places, asked)),
  ])
  const platform = new Map(registered.map((row) => [row.key, row]))
  const standings = new Map<Question, Omit<LoadedQuestion, 'permission'>>()
  for (const [index, { places }] of kinds.entries())
    for (const [place, row] of groups[index]!.entries()) {
      const facts = { standing: standingOf(row, places[place]!.projectId, registered), subject: knownSubject(row) }
      for (const question of places[place]!.questions) standings.set(question, facts)
    }
  return questions.map((question) => ({
    permission: OWN.get(question.permission) ?? platformPermission(platform.get(question.permission)),
    ...standings.get(question)!,
  }))
}

/** One subject with its whole standing, in the organization or in the project its key is limited to. */
export interface WholeStanding {
  readonly standing: ReturnType<typeof standingOf>
  readonly subject: KnownSubject | null
  /** Gatehouse's own and the platform's, without retired ones. */
  readonly permissions: readonly AskedPermission[]
}

/** Loads everything that one subject may do. */
export async function loadWholeStanding(
  tx: Transaction,
  organizationId: string,
  subject: PresentedSubject,
): Promise<WholeStanding> {
  const parts = { kind: subject.kind, rows: 'one', project: 'own', permissions: 'all' } as const
  const [registered, [row]] = await Promise.all([
    tx.query<PlatformRow>(ALL_PERMISSIONS),
    tx.query<StandingRow>(standingStatement(parts), [organizationId, 'id' in subject ? subject.id : subject.tokenHash]),
  ])
  return {
    standing: standingOf(row, row?.key_project_id ?? null, registered),
    subject: knownSubject(row),
    permissions: [...OWN.values(), ...registered.map((found) => platformPermission(found)!)],
  }
}

/** In the order of the places; undefined where there is no such organization. */
async function loadPlaces(
  tx: Transaction,
  organizationId: string,
  kind: SubjectKind,
  places: readonly Place[],
  asked: readonly string[],
): Promise<(StandingRow | undefined)[]> {
  const project = places.some(({ projectId }) => projectId !== null) ? 'asked' : 'none'
  const parts: Parts = { kind, rows: places.length === 1 ? 'one' : 'many', project, permissions: 'asked' }
  const values = (list: readonly unknown[]) => (parts.rows === 'one' ? list[0] : list)
  const rows = await tx.query<StandingRow>(standingStatement(parts), [
    organizationId,
    values(places.map(({ subject }) => ('id' in subject ? subject.id : subject.tokenHash))),
    asked,
    ...(project === 'asked' ? [values(places.map(({ projectId }) => projectId))] : []),
  ])
  const inOrder = new Array<StandingRow | undefined>(places.length).fill(undefined)
  for (const row of rows) inOrder[Number(row.n) - 1] = row
  return inOrder
}

/** What cannot be the key of a permission is not sent: it may hold what PostgreSQL refuses. */
function isPermissionKey(key: string): boolean {
  return key.length <= 100 && /^[a-z][a-z0-9_.]*$/.test(key)
}

const OWN: ReadonlyMap<string, AskedPermission> = new Map(
  Object.entries(PERMISSIONS).map(([key, { scope }]) => [key, { key, scope, isPlatform: false }]),
)

interface PlatformRow {
  key: string
  scope: AskedPermission['scope']
  forMembers: boolean
}

const NO_ROWS: readonly PlatformRow[] = []

function platformPermission(row: PlatformRow | undefined): AskedPermission | null {
  return row ? { key: row.key, scope: row.scope, isPlatform: true } : null
}

const COUNTING = `
SELECT key, scope, is_for_members AS "forMembers" FROM platform_permissions WHERE retired_at IS NULL`
const ALL_PERMISSIONS: Statement = { name: 'all-platform-permissions', text: COUNTING }
const ASKED_PERMISSIONS: Statement = { name: 'asked-platform-permissions', text: `${COUNTING} AND key = ANY ($1)` }
