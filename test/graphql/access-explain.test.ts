import { newId, toTypeId } from '../../src/kernel/ids'
import { AccessFixtures, idOf, registerPermissions } from '../support/access-fixtures'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { GraphQLClient } from '../support/graphql-client'
import { found, join, type OrganizationMember, type TestOrganization } from '../support/world'

const EXPLAIN = `query ($id: ID!, $principal: ID!, $permission: String!, $project: ID) { organization(by: { id: $id }) {
  accessExplain(principalId: $principal, permission: $permission, projectId: $project) {
    allowed permission reasons { kind effect label source { __typename id } } } } }`

let gatehouse: Gatehouse
let acme: TestOrganization
let rival: TestOrganization
let fixtures: AccessFixtures
let member: OrganizationMember
let project: string
let deployer: string

beforeAll(async () => {
  gatehouse = await startGatehouse()
  await registerPermissions(gatehouse, { 'model.deploy': { scope: 'RESOURCE' } })
  acme = await found(gatehouse, 'Acme')
  rival = await found(gatehouse, 'Rival')
  fixtures = new AccessFixtures(gatehouse, acme.uuid)
  member = await join(gatehouse, acme)
  project = await fixtures.project()
  deployer = await fixtures.role('PROJECT', ['model.deploy'], 'Deployer')
})
afterAll(() => gatehouse.close())

async function ask(client: GraphQLClient, principal: string, permission: string, inProject?: string) {
  const answer = await client.send(EXPLAIN, {
    id: acme.id,
    principal,
    permission,
    project: inProject && idOf.project(inProject),
  })
  return {
    decision: answer.data?.organization?.accessExplain,
    denied: answer.extensions.denied,
    codes: answer.errors?.map(({ extensions }) => extensions.code),
  }
}
const explain = async (...question: Parameters<typeof ask>) => {
  const { decision, codes } = await ask(...question)
  expect(codes).toBeUndefined()
  return decision
}
const admin = () => acme.admin.organization
const memberId = (person: OrganizationMember) => idOf.member(person.memberId)
/** Somebody who may ask, and nothing else. */
async function supporter(...permissions: string[]): Promise<OrganizationMember> {
  const person = await join(gatehouse, acme)
  await fixtures.giveRole(
    person.memberId,
    await fixtures.role('ORGANIZATION', ['access.explain', ...permissions], 'Support'),
  )
  return person
}

describe('accessExplain', () => {
  it('names the role that allows something in the organization', async () => {
    expect(await explain(admin(), memberId(acme.admin), 'member.remove')).toEqual({
      allowed: true,
      permission: 'member.remove',
      reasons: [
        {
          kind: 'ROLE',
          effect: 'ALLOW',
          label: 'The role Admin in the organization.',
          source: { __typename: 'Role', id: idOf.role(await fixtures.builtInRole('ORGANIZATION', 'admin')) },
        },
      ],
    })
  })

  it('says what is missing, and of whom it is', async () => {
    expect(await explain(admin(), memberId(member), 'member.remove')).toMatchObject({
      allowed: false,
      reasons: [
        { kind: 'MISSING_PERMISSION', effect: 'DENY', label: 'None of their roles here allows it.', source: null },
      ],
    })
    expect(await explain(admin(), memberId(member), 'no.such')).toMatchObject({
      allowed: false,
      reasons: [{ kind: 'UNKNOWN_PERMISSION' }],
    })
    expect(await explain(admin(), memberId(member), 'project.read', project)).toMatchObject({
      allowed: false,
      reasons: [{ kind: 'NO_GRANT', source: { __typename: 'Project', id: idOf.project(project) } }],
    })
    const suspended = await join(gatehouse, acme)
    await gatehouse.superuser.rows(`UPDATE members SET status = 'SUSPENDED', suspended_at = now() WHERE id = $1`, [
      suspended.memberId,
    ])
    expect(await explain(admin(), memberId(suspended), 'member.read')).toMatchObject({
      allowed: false,
      reasons: [{ kind: 'SUSPENDED', source: { __typename: 'Member', id: memberId(suspended) } }],
    })
  })

  it('names every way in which a project is open, with team and role', async () => {
    const person = await join(gatehouse, acme)
    const team = await fixtures.team('Research', [person.memberId])
    await fixtures.grant(project, { team }, deployer)
    await fixtures.grant(project, { member: person.memberId }, deployer)
    const { allowed, reasons } = await explain(admin(), memberId(person), 'model.deploy', project)
    expect([allowed, reasons.map(({ kind, label }: { kind: string; label: string }) => [kind, label])]).toEqual([
      true,
      [
        ['GRANT', 'The role Deployer, given in the project to the member.'],
        ['TEAM_GRANT', 'The role Deployer, given in the project to the team Research.'],
      ],
    ])
    const inDefault = await explain(admin(), memberId(person), 'project.read', await fixtures.defaultProject())
    expect(inDefault.reasons).toMatchObject([
      { kind: 'DEFAULT_PROJECT', label: 'The role Project member, which every member has in the default project.' },
    ])
  })

  it('explains service accounts and keys', async () => {
    const account = await fixtures.serviceAccount(project, deployer)
    const key = await fixtures.key({ project }, { permissions: ['model.deploy'] })
    const cut = await fixtures.key({ serviceAccount: account, project }, { permissions: ['project.read'] })
    const ended = await fixtures.key({ project }, { revoked: true })
    expect(await explain(admin(), idOf.serviceAccount(account), 'model.deploy', project)).toMatchObject({
      allowed: true,
      reasons: [
        { kind: 'OWN_PROJECT', label: 'The role Deployer in its own project.', source: { __typename: 'Role' } },
      ],
    })
    expect(await explain(admin(), idOf.apiKey(key.id), 'model.deploy', project)).toMatchObject({
      allowed: true,
      reasons: [{ kind: 'OWN_PROJECT', label: 'The key Key of PROJECT lists it.' }],
    })
    expect((await explain(admin(), idOf.apiKey(cut.id), 'model.deploy', project)).reasons).toMatchObject([
      { kind: 'KEY_LIMIT' },
    ])
    expect((await explain(admin(), idOf.apiKey(ended.id), 'project.read', project)).reasons).toMatchObject([
      { kind: 'KEY_ENDED' },
    ])
  })

  it('lets everybody ask about themselves and their keys, also through one', async () => {
    const key = await fixtures.key({ member: member.memberId }, { permissions: ['organization.read'] })
    expect((await explain(member.organization, memberId(member), 'member.read')).allowed).toBe(true)
    expect((await explain(member.organization, idOf.apiKey(key.id), 'member.read')).reasons[0].kind).toBe('KEY_LIMIT')
    const byKey = gatehouse.client(key.token)
    expect((await explain(byKey, idOf.apiKey(key.id), 'member.read')).allowed).toBe(false)
    expect((await explain(byKey, memberId(member), 'member.read')).allowed).toBe(true)
  })

  it('lets the operator ask', async () => {
    expect((await explain(gatehouse.operator, memberId(member), 'member.read')).allowed).toBe(true)
  })

  it('tells others that the permission is missing, whether or not there is such a principal', async () => {
    for (const principal of [memberId(acme.admin), toTypeId('Member', newId()), memberId(rival.admin)])
      expect(await ask(member.organization, principal, 'member.read')).toEqual({
        decision: null,
        denied: [{ path: ['organization', 'accessExplain'], permission: 'access.explain' }],
        codes: undefined,
      })
  })

  it('does not find principals of another organization, unknown ones, and what is none', async () => {
    const theirs = new AccessFixtures(gatehouse, rival.uuid)
    const theirProject = await theirs.project()
    const nobodies = [
      memberId(rival.admin),
      idOf.apiKey((await theirs.key({ project: theirProject })).id),
      toTypeId('Member', newId()),
      toTypeId('ServiceAccount', newId()),
      toTypeId('Role', newId()),
      'x',
    ]
    for (const principal of nobodies) {
      const { decision, codes } = await ask(admin(), principal, 'member.read')
      expect([principal, decision, codes]).toEqual([principal, null, ['NOT_FOUND']])
    }
    expect((await ask(admin(), memberId(member), 'project.read', theirProject)).codes).toEqual(['NOT_FOUND'])
    const stranger = await ask(rival.admin.organization, memberId(member), 'member.read')
    expect(stranger.decision).toBeUndefined()
  })

  it('does not find what is in a project that the asker is not in', async () => {
    const asker = await supporter()
    const account = await fixtures.serviceAccount(project, deployer)
    const itsKey = await fixtures.key({ serviceAccount: account, project })
    expect((await explain(asker.organization, memberId(member), 'member.read')).allowed).toBe(true)
    const hidden: [string, string?][] = [
      [memberId(member), project],
      [memberId(asker), project],
      [idOf.serviceAccount(account)],
      [idOf.apiKey(itsKey.id)],
      [idOf.apiKey((await fixtures.key({ project })).id)],
    ]
    for (const [principal, inProject] of hidden)
      expect((await ask(asker.organization, principal, 'project.read', inProject)).codes).toEqual(['NOT_FOUND'])
    await fixtures.grant(project, { member: asker.memberId }, deployer)
    for (const [principal, inProject] of hidden)
      expect((await ask(asker.organization, principal, 'project.read', inProject)).codes).toBeUndefined()
  })

  it('shows no source that the asker cannot see', async () => {
    const asker = await supporter()
    const { reasons } = await explain(asker.organization, memberId(member), 'member.read')
    expect(reasons).toMatchObject([{ kind: 'ROLE', source: { __typename: 'Role' } }])
    const suspended = await join(gatehouse, acme)
    await gatehouse.superuser.rows(`UPDATE members SET status = 'SUSPENDED', suspended_at = now() WHERE id = $1`, [
      suspended.memberId,
    ])
    expect((await explain(asker.organization, memberId(suspended), 'member.read')).reasons).toMatchObject([
      { kind: 'SUSPENDED', source: null },
    ])
  })
})
