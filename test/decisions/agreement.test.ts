import fc from 'fast-check'
import { toTypeId } from '../../src/kernel/ids'
import { idOf, registerPermissions } from '../support/access-fixtures'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer } from '../support/graphql-client'
import { ServiceClient } from '../support/service-client'
import { rounds } from '../support/soak'
import { ASKED, type BuiltWorld, buildWorld, PLATFORM, worldOutline } from './random-world'
import { type ModelProject, type ModelSubject, mayDo, sees } from './reference-evaluator'

/*
 * Everything that says who may do what says the same: checks for services, explanations, what the guards of GraphQL let
 * through, and what lists show. All of them are held against an evaluator that shares no code with the product.
 */

let gatehouse: Gatehouse
let service: ServiceClient

beforeAll(async () => {
  gatehouse = await startGatehouse()
  service = new ServiceClient(gatehouse.url)
  await registerPermissions(gatehouse, Object.fromEntries(PLATFORM.map(({ key, ...rest }) => [key, rest])))
})
afterAll(() => gatehouse.close())

interface Question {
  subject: ModelSubject
  permission: string
  project: ModelProject | null
}

const QUESTIONS = 100
const EXPLAINED = 3

/** A sample of all questions that can be asked in a world, spread evenly over them. */
function questionsIn({ model }: BuiltWorld, count: number, seed: number): Question[] {
  const subjects = [...model.members, ...model.accounts, ...model.keys]
  const places = [null, ...model.projects]
  const all = subjects.length * places.length * ASKED.length
  // A prime that divides no number of questions: every place of the list is met before one is met again.
  const step = 7_919
  return Array.from({ length: Math.min(count, all) }, (_, n) => {
    const at = (seed + n * step) % all
    return {
      subject: subjects[at % subjects.length]!,
      project: places[Math.floor(at / subjects.length) % places.length]!,
      permission: ASKED[Math.floor(at / subjects.length / places.length)]!,
    }
  })
}

function typeIdOf(subject: ModelSubject): string {
  if ('owner' in subject) return idOf.apiKey(subject.id)
  return 'status' in subject ? idOf.member(subject.id) : idOf.serviceAccount(subject.id)
}

const KINDS: Readonly<Record<string, string>> = { mem: 'member', svc: 'service_account', key: 'api_key' }

/** By what they present when they present something and `presented` says so, by id otherwise. */
function subjectOf(world: BuiltWorld, subject: ModelSubject, presented: boolean) {
  const token = world.tokens.get(subject.id)
  if (token && presented) return { type: 'token', id: token }
  const id = typeIdOf(subject)
  return { type: KINDS[id.slice(0, 3)], id }
}

async function checked(
  world: BuiltWorld,
  questions: readonly Question[],
): Promise<{ allowed: boolean; kinds: string[] }[]> {
  const organization = toTypeId('Organization', world.organizationId)
  const { body } = await service.post('/access/v1/evaluations', {
    context: { organizationId: organization },
    evaluations: questions.map(({ subject, permission, project }, n) => ({
      subject: subjectOf(world, subject, n % 2 === 0),
      action: { name: permission },
      resource: project
        ? { type: 'project', id: idOf.project(project.id) }
        : { type: 'organization', id: organization },
    })),
  })
  return body.evaluations.map(({ decision, context }: Answer) => ({
    allowed: decision,
    kinds: context.reasons.map(({ kind }: { kind: string }) => kind),
  }))
}

const SEEN = `query ($id: ID!, $projects: [ID!]!) {
  organization(by: { id: $id }) { projects(first: 100, filter: { status: [ACTIVE, ARCHIVED] }) { nodes { id } } auditEvents(first: 1) { nodes { id } } }
  nodes(ids: $projects) { id ... on Project { access(first: 1) { nodes { via } } } } }`
const NODES = `query ($projects: [ID!]!) { nodes(ids: $projects) { id ... on Project { access(first: 1) { nodes { via } } } } }`
const EXPLAIN = `query ($id: ID!, $principal: ID!, $permission: String!, $project: ID) { organization(by: { id: $id }) {
  accessExplain(principalId: $principal, permission: $permission, projectId: $project) { allowed reasons { kind effect } } } }`

/** Projects by id, for people who read a failure. */
const named = (world: BuiltWorld, project: ModelProject) => `project ${world.model.projects.indexOf(project)}`

async function expectAgreement(world: BuiltWorld, seed: number): Promise<void> {
  const { model } = world
  const questions = questionsIn(world, QUESTIONS, seed)
  const answers = await checked(world, questions)
  const told = (allowed: readonly boolean[]) =>
    questions.map(({ subject, permission, project }, n) => [
      typeIdOf(subject),
      permission,
      project && named(world, project),
      allowed[n],
    ])
  expect(told(answers.map(({ allowed }) => allowed))).toEqual(
    told(questions.map(({ subject, permission, project }) => mayDo(model, subject, permission, project))),
  )
  await expectExplanations(world, questions.slice(0, EXPLAINED))
  await Promise.all([...model.members, ...model.keys].map((subject) => expectGuards(world, subject)))
}

async function expectExplanations(world: BuiltWorld, questions: readonly Question[]): Promise<void> {
  const answers = await checked(world, questions)
  const admin = gatehouse.client(world.tokens.get(world.admin.id))
  for (const [n, { subject, permission, project }] of questions.entries()) {
    const answer = await admin.send(EXPLAIN, {
      id: toTypeId('Organization', world.organizationId),
      principal: typeIdOf(subject),
      permission,
      project: project && idOf.project(project.id),
    })
    const explained = answer.data.organization.accessExplain
    const { allowed, kinds } = answers[n]!
    // Of an ended session the check speaks; the explanation is about the member, and says what is the matter with them.
    const said = explained.reasons.map(({ kind }: { kind: string }) => kind)
    expect([typeIdOf(subject), permission, explained.allowed, said]).toEqual([
      typeIdOf(subject),
      permission,
      allowed,
      kinds,
    ])
    expect(explained.reasons.every(({ effect }: Answer) => effect === (allowed ? 'ALLOW' : 'DENY'))).toBe(true)
  }
}

/** What GraphQL shows to somebody and lets them read, beside what the single check says of it. */
async function expectGuards(world: BuiltWorld, subject: ModelSubject): Promise<void> {
  const { model } = world
  const may = (permission: string, project: ModelProject | null) => mayDo(model, subject, permission, project)
  const client = gatehouse.client(world.tokens.get(subject.id))
  const isInOrganization = may('organization.read', null)
  const variables = {
    id: toTypeId('Organization', world.organizationId),
    projects: model.projects.map(({ id }) => idOf.project(id)),
  }
  const { data } = await client.send(
    isInOrganization ? SEEN : NODES,
    isInOrganization ? variables : { projects: variables.projects },
  )
  const isAlive = model.projects.some((project) => sees(model, subject, project)) && data !== null && data !== undefined
  const nodes: Answer[] = isAlive ? data.nodes : model.projects.map(() => null)
  const who = typeIdOf(subject)
  for (const [n, project] of model.projects.entries()) {
    const node = nodes[n]
    expect([who, named(world, project), node !== null]).toEqual([
      who,
      named(world, project),
      may('project.read', project),
    ])
    if (node)
      expect([who, 'access', node.access !== null]).toEqual([who, 'access', may('project.member.read', project)])
  }
  if (!isInOrganization) return
  const seen: string[] = data.organization.projects.nodes.map(({ id }: { id: string }) => id)
  const readable = model.projects.filter((project) => may('project.read', project)).map(({ id }) => idOf.project(id))
  expect([who, 'list', seen.sort()]).toEqual([who, 'list', readable.sort()])
  expect([who, 'audit', data.organization.auditEvents !== null]).toEqual([who, 'audit', may('audit.read', null)])
}

describe('who may do what', () => {
  it('is the same wherever it is asked, in random worlds', async () => {
    await fc.assert(
      fc.asyncProperty(worldOutline, fc.nat({ max: 1_000_000 }), async (outline, seed) => {
        await expectAgreement(await buildWorld(gatehouse, outline), seed)
      }),
      { numRuns: rounds(200, 5_000), endOnFailure: true },
    )
  }, 14_400_000)
})
