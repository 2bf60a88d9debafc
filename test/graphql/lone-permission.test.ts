import { buildGraphQLSchema } from '../../src/graphql/schema'
import { arrangeKey } from '../support/api-keys'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import type { Answer } from '../support/graphql-client'
import { ENDING, operationsOf, permissionOf, Targets, variablesOf } from '../support/operations'
import { found, type TestOrganization } from '../support/world'

/*
 * A key that holds the permission of one mutation and nothing besides: where it may change something and not look at
 * what came of it, the answer says that the change was made.
 */

const MUTATIONS = operationsOf(buildGraphQLSchema()).filter(
  ({ kind, name, field }) => kind === 'mutation' && !ENDING.has(name) && (permissionOf(field) ?? '').includes('.'),
)

describe('a key with one permission', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let targets: Targets

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    acme = await found(gatehouse)
    targets = new Targets(gatehouse, acme, 'Lone')
  })
  afterAll(() => gatehouse.close())

  const changes = async (): Promise<number> => {
    const [row] = await gatehouse.superuser.rows<{ n: number }>(
      'SELECT count(*)::int AS n FROM audit_events WHERE organization_id = $1',
      [acme.uuid],
    )
    return row!.n
  }

  it.each(MUTATIONS.map((mutation) => [mutation.name, mutation] as const))(
    'is not told that %s did nothing when it did something',
    async (name, mutation) => {
      const permissions = [permissionOf(mutation.field)!]
      const { client } = await arrangeKey(gatehouse, acme, { member: acme.admin }, { permissions })
      const variables = await variablesOf(mutation, targets)
      const before = await changes()
      const { data, errors } = await client.send<Answer>(mutation.document, variables)
      const refusals: string[] = [...(errors ?? []), ...(data?.[name]?.userErrors ?? [])].map(
        ({ message }: { message: string }) => message,
      )
      const wasMade = (await changes()) > before
      expect(wasMade ? refusals.filter((message) => !message.startsWith('The change was made, but')) : []).toEqual([])
    },
  )
})
