import { newId } from '../../src/kernel/ids'
import { recheckDomains } from '../../src/modules/domains'
import { createOutside } from '../../src/platform/outside'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { RACES } from '../support/soak'
import { found, join, type OrganizationMember, type TestOrganization } from '../support/world'

const ADD =
  'mutation ($id: ID!, $name: String!) { addDomain(organizationId: $id, name: $name) { domain { id name status dnsRecord { type host { value } value { value } } } userErrors { code path } } }'
const VERIFY =
  'mutation ($id: ID!) { verifyDomain(id: $id) { domain { status lastCheckError verifiedAt } userErrors { code } } }'
const UPDATE =
  'mutation ($id: ID!) { updateDomain(id: $id, joinPolicy: REQUEST) { domain { joinPolicy } userErrors { code } } }'
const REMOVE = 'mutation ($id: ID!) { removeDomain(id: $id) { deletedId userErrors { code } } }'
const LIST = 'query ($id: ID!) { organization(by: { id: $id }) { domains { name status } } }'

describe('domains', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let rival: TestOrganization
  let member: OrganizationMember
  /** What the name server knows; a name that is not there has no record, null does not answer. */
  const records = new Map<string, string[] | null>()
  const outside = {
    ...createOutside({ allowsLoopback: true }),
    resolveTxt: async (name: string) => {
      const found = records.get(name)
      if (found === null) throw new Error('ETIMEOUT')
      return found ?? []
    },
  }

  beforeAll(async () => {
    gatehouse = await startGatehouse({}, { outside })
    acme = await found(gatehouse)
    rival = await found(gatehouse)
    member = await join(gatehouse, acme)
  })
  afterAll(() => gatehouse.close())

  const add = async (organization: TestOrganization, name: string) =>
    (await organization.admin.organization.send(ADD, { id: organization.id, name })).data.addDomain
  const verify = async (organization: TestOrganization, id: string) =>
    (await organization.admin.organization.send(VERIFY, { id })).data.verifyDomain.domain
  const fresh = () => `d${newId().slice(-12)}.example`

  async function proven(
    organization: TestOrganization,
    name = fresh(),
  ): Promise<{ id: string; name: string; host: string }> {
    const { domain } = await add(organization, name)
    const { host, value } = domain.dnsRecord
    records.set(host.value, [...(records.get(host.value) ?? []), value.value])
    expect((await verify(organization, domain.id)).status).toBe('VERIFIED')
    return { id: domain.id, name, host: host.value }
  }

  it('are claimed, and proven by their TXT record', async () => {
    const { domain, userErrors } = await add(acme, ' Bücher.Example. ')
    expect([domain.name, domain.status, userErrors]).toEqual(['xn--bcher-kva.example', 'PENDING', []])
    const { type, host, value } = domain.dnsRecord
    expect([type, host.value]).toEqual(['TXT', '_gatehouse-challenge.xn--bcher-kva.example'])
    expect(value.value).toMatch(/^gatehouse-domain-verification=[a-z2-7]{32}$/)

    expect(await verify(acme, domain.id)).toMatchObject({
      status: 'PENDING',
      verifiedAt: null,
      lastCheckError: expect.stringContaining(host.value),
    })
    records.set(host.value, ['something else', `"${value.value}"`])
    expect(await verify(acme, domain.id)).toMatchObject({ status: 'VERIFIED', lastCheckError: null })
    const { data } = await acme.admin.organization.send(LIST, { id: acme.id })
    expect(data.organization.domains).toEqual([{ name: 'xn--bcher-kva.example', status: 'VERIFIED' }])
  })

  it.each([
    'gmail.com',
    'mail.gmail.com',
    'co.uk',
    'com',
    'github.io',
    '127.0.0.1',
    '[::1]',
    'localhost',
    'acme',
    '',
    'a b.example',
    'acme..example',
    'x@acme.example',
    'http://acme.example',
    `${'a'.repeat(64)}.example`,
  ])('cannot be %s', async (name) => {
    expect((await add(acme, name)).userErrors).toEqual([{ code: 'INVALID', path: ['name'] }])
  })

  it('can be claimed by many, and belong to whoever proves first', async () => {
    const { name, id } = await proven(acme)
    const { domain } = await add(rival, name)
    expect(domain.status).toBe('PENDING')
    records.set(domain.dnsRecord.host.value, [domain.dnsRecord.value.value])
    expect(await verify(rival, domain.id)).toMatchObject({
      status: 'FAILED',
      lastCheckError: expect.stringContaining('Another organization'),
    })
    await acme.admin.organization.send(REMOVE, { id })
    expect((await verify(rival, domain.id)).status).toBe('VERIFIED')
    expect((await add(rival, name)).userErrors).toEqual([{ code: 'NOT_UNIQUE', path: ['name'] }])
  })

  it('have one owner, however many prove at once', async () => {
    for (let round = 0; round < RACES; round += 1) {
      const name = fresh()
      const claims = [await add(acme, name), await add(rival, name)]
      const [{ host }] = claims.map(({ domain }) => domain.dnsRecord)
      records.set(
        host.value,
        claims.map(({ domain }) => domain.dnsRecord.value.value),
      )
      const statuses = await Promise.all([verify(acme, claims[0].domain.id), verify(rival, claims[1].domain.id)])
      expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set(['FAILED', 'VERIFIED']))
      for (const { domain } of claims)
        await (domain === claims[0].domain ? acme : rival).admin.organization.send(REMOVE, { id: domain.id })
    }
  })

  it('are lost when the record is missing for a week, and not when the name server is silent', async () => {
    const { id, name, host } = await proven(acme)
    const makeDue = (days: number) =>
      gatehouse.superuser.rows(
        "UPDATE domains SET last_checked_at = now() - interval '2 days', failing_since = failing_since - make_interval(days => $2) WHERE name = $1",
        [name, days],
      )
    const status = async () =>
      (await gatehouse.superuser.rows<{ status: string }>('SELECT status FROM domains WHERE name = $1', [name]))[0]!
        .status
    records.set(host, null)
    await makeDue(30)
    await recheckDomains(gatehouse.app.spine, outside)
    expect(await status()).toBe('VERIFIED')
    records.delete(host)
    for (const days of [0, 6]) {
      await makeDue(days)
      await recheckDomains(gatehouse.app.spine, outside)
      expect(await status()).toBe('VERIFIED')
    }
    await makeDue(2)
    await recheckDomains(gatehouse.app.spine, outside)
    expect(await status()).toBe('FAILED')
    expect(await gatehouse.superuser.rows('SELECT FROM verified_domains WHERE domain = $1', [name])).toEqual([])
    const { data } = await acme.admin.organization.send(
      'query ($id: ID!) { node(id: $id) { ... on Domain { status lastCheckError } } }',
      { id },
    )
    expect(data.node).toMatchObject({ status: 'FAILED', lastCheckError: expect.stringContaining(host) })
  })

  it('let nobody ask to join before they are proven', async () => {
    const { domain } = await add(acme, fresh())
    expect((await acme.admin.organization.send(UPDATE, { id: domain.id })).data.updateDomain.userErrors).toEqual([
      { code: 'WRONG_STATE' },
    ])
    const { id } = await proven(acme)
    expect((await acme.admin.organization.send(UPDATE, { id })).data.updateDomain.domain).toEqual({
      joinPolicy: 'REQUEST',
    })
  })

  it('are shown to no stranger and managed by no weak member', async () => {
    const { id, name } = await proven(acme)
    for (const document of [VERIFY, UPDATE, REMOVE]) {
      const [asMember, asStranger] = [
        await member.organization.send(document, { id }),
        await rival.admin.organization.send(document, { id }),
      ]
      expect(
        [asMember, asStranger].map(({ data }) => (Object.values(data)[0] as { userErrors: unknown }).userErrors),
      ).toEqual([[{ code: 'FORBIDDEN' }], [{ code: 'NOT_FOUND' }]])
    }
    const { data, extensions } = await member.organization.send(LIST, { id: acme.id })
    expect([data.organization.domains, extensions.denied?.[0]?.permission]).toEqual([null, 'domain.read'])
    expect(JSON.stringify(await rival.admin.organization.send(LIST, { id: acme.id }))).not.toContain(name)
    expect(await gatehouse.superuser.rows('SELECT FROM domains WHERE name = $1', [name])).toHaveLength(1)
  })

  it('are claimed a hundred times at most', async () => {
    const globex = await found(gatehouse)
    await gatehouse.superuser.rows(
      "INSERT INTO domains (organization_id, id, name, challenge) SELECT $1, gen_random_uuid(), 'n' || n || '.example', 'x' FROM generate_series(1, 100) n",
      [globex.uuid],
    )
    expect((await add(globex, fresh())).userErrors).toEqual([{ code: 'LIMIT_EXCEEDED', path: null }])
  })
})
