import { withReservedDomains } from '../../src/dev'
import { recheckDomains } from '../../src/modules/domains'
import { createOutside, type Outside } from '../../src/platform/outside'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { found } from '../support/world'

const ADD = `mutation ($id: ID!, $name: String!) { addDomain(organizationId: $id, name: $name) {
  domain { id dnsRecord { host { value } value { value } } } } }`
const DOMAINS = 'query ($id: ID!) { organization(by: { id: $id }) { domains { name status } } }'

describe('a reserved domain in development', () => {
  let gatehouse: Gatehouse
  let outside: Outside
  const asked: string[] = []

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    const resolveTxt = async (name: string) => {
      asked.push(name)
      return []
    }
    outside = withReservedDomains({ ...createOutside({ allowsLoopback: true }), resolveTxt }, gatehouse.database)
  })
  afterAll(() => gatehouse.close())

  it('has the record of whoever claims it, and of nobody else', async () => {
    const acme = await found(gatehouse, 'Acme')
    const add = async (name: string) =>
      (await acme.admin.organization.send(ADD, { id: acme.id, name })).data.addDomain.domain.dnsRecord
    const { host, value } = await add('acme.example')
    await add('other.test')
    expect(await outside.resolveTxt(host.value)).toEqual([value.value])
    expect(await outside.resolveTxt('_gatehouse-challenge.nobody.example')).toEqual([])
    expect(await outside.resolveTxt('acme.example')).toEqual([])
    expect(asked).toEqual([])
    await outside.resolveTxt('_gatehouse-challenge.acme.com')
    expect(asked).toEqual(['_gatehouse-challenge.acme.com'])
  })

  it('stays proven when it is looked for again', async () => {
    const globex = await found(gatehouse, 'Globex')
    await globex.admin.organization.send(ADD, { id: globex.id, name: 'globex.example' })
    await gatehouse.superuser.rows(
      `UPDATE domains SET status = 'VERIFIED', verified_at = now(), last_checked_at = now() - interval '8 days',
         failing_since = now() - interval '8 days' WHERE name = 'globex.example'`,
    )
    await gatehouse.superuser.rows(
      `INSERT INTO verified_domains (domain, organization_id) VALUES ('globex.example', $1)`,
      [globex.uuid],
    )
    expect(await recheckDomains(gatehouse.app.spine, outside)).toBe(1)
    const { data } = await globex.admin.organization.send(DOMAINS, { id: globex.id })
    expect(data.organization.domains).toEqual([{ name: 'globex.example', status: 'VERIFIED' }])
  })
})
