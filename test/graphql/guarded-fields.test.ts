import { isObjectType } from 'graphql'
import { PERMISSIONS } from '../../src/access'
import { buildGraphQLSchema } from '../../src/graphql/schema'
import { newId } from '../../src/kernel/ids'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { type Operation, operationsOf, permissionOf, Targets, variablesOf } from '../support/operations'
import { found, join, type OrganizationMember, type TestOrganization } from '../support/world'

/*
 * A member who holds every permission but the one that the field needs asks for every guarded field, by every way
 * that leads to its object: neither what a resolver finds ready nor what was read ahead may get past the guard.
 */

const guarded = operationsOf(buildGraphQLSchema()).filter(
  ({ name, field }) => name.includes('.') && permissionOf(field) !== null,
)

// Ways to an organization; `$$` is where the field is asked for.
const WAYS_TO_ORGANIZATION = {
  'organization(by)': 'organization(by: { id: $nodeId }) { $$ }',
  'a fragment': 'node(id: $nodeId) { ...Guarded }',
  'an alias': 'other: node(id: $nodeId) { ... on Organization { id name renamed: $$ } }',
  'the viewer': 'viewer { activeOrganization { $$ } }',
}

describe('a guarded field', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let targets: Targets
  let powerless: OrganizationMember

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse)
    targets = new Targets(gatehouse, acme, 'Target')
    powerless = await join(gatehouse, acme)
    const roleId = newId()
    await gatehouse.superuser.rows(
      `INSERT INTO roles (organization_id, id, scope, key, name, permissions)
       VALUES ($1, $2, 'ORGANIZATION', 'all_but_one', 'All but one', '{organization.read}')`,
      [acme.uuid, roleId],
    )
    await gatehouse.superuser.rows('UPDATE members SET role_id = $1 WHERE id = $2', [roleId, powerless.memberId])
  })
  afterAll(() => gatehouse.close())

  async function withhold(withheld: string | null): Promise<void> {
    const held = Object.keys(PERMISSIONS).filter((permission) => permission !== withheld)
    await gatehouse.superuser.rows("UPDATE roles SET permissions = $1 WHERE key = 'all_but_one'", [held])
  }

  async function expectDenied(operation: Operation, document: string): Promise<void> {
    const variables = await variablesOf(operation, targets)
    await withhold(permissionOf(operation.field))
    const { data, errors, extensions } = await powerless.organization.send(document, variables)
    expect([document, errors]).toEqual([document, undefined])
    const [denied] = extensions.denied ?? []
    expect([document, extensions.denied?.length, denied?.permission]).toEqual([
      document,
      1,
      permissionOf(operation.field),
    ])
    const value = denied!.path.reduce<unknown>((inside, key) => (inside as Record<string, unknown>)[key], data)
    expect(value).toBeNull()
  }

  it('exists', () => {
    expect(guarded.length).toBeGreaterThanOrEqual(5)
  })

  it.each(guarded.map((operation) => [operation.name, operation] as const))('%s is null by node(id)', (_, operation) =>
    expectDenied(operation, operation.document),
  )

  for (const [way, text] of Object.entries(WAYS_TO_ORGANIZATION))
    it.each(
      guarded
        .filter(({ name }) => name.startsWith('Organization.'))
        .map((operation) => [operation.name, operation] as const),
    )(`%s is null by ${way}`, async (_, operation) => {
      // The field with its arguments and selection, cut out of the document that asks for it alone.
      const [, head, asked] = /^query (\(.*?\)) \{ node\(id: \$nodeId\) \{ \.\.\. on \w+ \{ (.*) \} \} \}$/s.exec(
        operation.document,
      )!
      const fragment = way === 'a fragment' ? ` fragment Guarded on Organization { ${asked!} }` : ''
      const keep = way === 'the viewer' ? ' kept: node(id: $nodeId) { id }' : ''
      await expectDenied(operation, `query ${head!} { ${text.replace('$$', () => asked!)}${keep} }${fragment}`)
    })

  it('is asked of types that the schema lists', () => {
    const all = Object.values(buildGraphQLSchema().getTypeMap())
      .filter(isObjectType)
      .filter(({ name }) => name !== 'Query' && name !== 'Mutation')
      .flatMap((type) =>
        Object.values(type.getFields())
          .filter((field) => permissionOf(field) !== null)
          .map((field) => `${type.name}.${field.name}`),
      )
    expect(guarded.map(({ name }) => name).sort()).toEqual(all.sort())
  })
})
