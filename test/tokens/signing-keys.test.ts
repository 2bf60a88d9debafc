import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { keepKeys } from '../../src/modules/tokens'
import { type AnotherInstance, startAnotherInstance } from '../support/another-instance'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { ServiceClient } from '../support/service-client'
import { RACES } from '../support/soak'
import { mint } from '../support/tokens'
import { found, type TestOrganization } from '../support/world'

const ROTATE = `mutation ($compromised: Boolean!) { rotateSigningKey(input: { compromised: $compromised }) {
  signingKeys { id status createdAt activatedAt retiredAt } userErrors { code message } } }`

interface KeyRow {
  id: string
  status: 'NEXT' | 'ACTIVE' | 'RETIRED'
}

let gatehouse: Gatehouse
let second: AnotherInstance
let service: ServiceClient
let acme: TestOrganization

beforeAll(async () => {
  gatehouse = await startGatehouse()
  second = await startAnotherInstance(gatehouse.testDatabase.appUrl)
  service = new ServiceClient(second.url)
  acme = await found(gatehouse, 'Acme')
})
afterAll(async () => {
  await second.close()
  await gatehouse.close()
})

const rows = () =>
  gatehouse.superuser.rows<KeyRow>('SELECT id, status FROM signing_keys ORDER BY status, created_at DESC')
const statuses = async () => (await rows()).map(({ status }) => status)
/** Makes all keys older, as if time had passed. */
const wait = (interval: string) =>
  gatehouse.superuser.rows(
    `UPDATE signing_keys SET created_at = created_at - $1::interval, activated_at = activated_at - $1::interval, retired_at = retired_at - $1::interval`,
    [interval],
  )
const keySet = async () =>
  (await (await fetch(`${second.url}/.well-known/jwks.json`)).json()) as JSONWebKeySet & { keys: { kid: string }[] }
const published = async () => (await keySet()).keys.map(({ kid }) => kid)

describe('signing keys', () => {
  it('are two from the start: one that signs, one that everybody knows before it does', async () => {
    expect(await statuses()).toEqual(['ACTIVE', 'NEXT'])
    expect(new Set(await published())).toEqual(new Set((await rows()).map(({ id }) => id)))
  })

  it('stay as they are while nothing is due', async () => {
    const before = await rows()
    await wait('29 days')
    await keepKeys(second.app.spine)
    expect(await rows()).toEqual(before)
  })

  it('change after 30 days, by any number of processes at once; what the old one signed stays valid', async () => {
    const { accessToken } = await mint(acme.admin.organization, {})
    const [active, next] = await rows()
    await wait('2 days')
    await Promise.all([gatehouse, second].flatMap(({ app }) => [keepKeys(app.spine), keepKeys(app.spine)]))
    const after = await rows()
    expect(after.map(({ status }) => status)).toEqual(['ACTIVE', 'NEXT', 'RETIRED'])
    expect([after[0]!.id, after[2]!.id]).toEqual([next!.id, active!.id])
    expect(await published()).toContain(active!.id)
    expect((await service.introspect(accessToken)).body.active).toBe(true)
    const fresh = await mint(acme.admin.organization, {})
    expect((await service.introspect(fresh.accessToken)).body.active).toBe(true)
  })

  it('that have retired are forgotten after an hour, when everything that they signed is dead', async () => {
    await wait('59 minutes')
    await keepKeys(gatehouse.app.spine)
    expect(await statuses()).toEqual(['ACTIVE', 'NEXT', 'RETIRED'])
    await wait('1 minute')
    await keepKeys(gatehouse.app.spine)
    expect(await statuses()).toEqual(['ACTIVE', 'NEXT'])
  })

  it('are rotated by the operator, once everybody can have met the next one', async () => {
    const [, next] = await rows()
    const { data } = await gatehouse.operator.send(ROTATE, { compromised: false })
    expect(data.rotateSigningKey.userErrors).toEqual([])
    expect(data.rotateSigningKey.signingKeys[0]).toMatchObject({ id: next!.id, status: 'ACTIVE' })
    const again = await gatehouse.operator.send(ROTATE, { compromised: false })
    expect(again.data.rotateSigningKey).toMatchObject({ signingKeys: null, userErrors: [{ code: 'WRONG_STATE' }] })
    expect((await rows())[0]!.id).toBe(next!.id)
  })

  it('never take a verifier by surprise that remembers the key set for as long as it may', async () => {
    for (let period = 0; period < 3; period += 1) {
      await wait('300 seconds')
      const remembered = createLocalJWKSet(await keySet())
      const rotated = await gatehouse.operator.send(ROTATE, { compromised: false })
      expect(rotated.data.rotateSigningKey.userErrors).toEqual([])
      const { accessToken } = await mint(acme.admin.organization, {})
      await expect(jwtVerify(accessToken, remembered)).resolves.toBeDefined()
      await wait('290 seconds')
      const early = await gatehouse.operator.send(ROTATE, { compromised: false })
      expect(early.data.rotateSigningKey.userErrors).toMatchObject([{ code: 'WRONG_STATE' }])
    }
  })

  it('that somebody may know are replaced at once, and what they signed is refused by the next question', async () => {
    const { accessToken } = await mint(acme.admin.organization, {})
    const before = await published()
    await gatehouse.operator.send(ROTATE, { compromised: true })
    expect((await service.introspect(accessToken)).body).toEqual({ active: false })
    expect((await published()).filter((kid) => before.includes(kid))).toEqual([])
    expect(await statuses()).toEqual(['ACTIVE', 'NEXT'])
  })

  it('are never two active or two next ones, whoever rotates meanwhile', async () => {
    for (let round = 0; round < RACES; round += 1) {
      await wait('31 days')
      await Promise.all([
        keepKeys(gatehouse.app.spine),
        keepKeys(second.app.spine),
        gatehouse.operator.send(ROTATE, { compromised: round % 3 === 0 }),
        mint(acme.admin.organization, {}).catch((error: Error) => {
          throw new Error('a token could not be minted during a rotation', { cause: error })
        }),
      ])
      const now = (await statuses()).filter((status) => status !== 'RETIRED')
      expect(now).toEqual(['ACTIVE', 'NEXT'])
      const { accessToken } = await mint(acme.admin.organization, {})
      expect((await service.introspect(accessToken)).body.active).toBe(true)
    }
  })

  it('stand in the audit log of the installation by id alone, and their private parts are sealed', async () => {
    const audits = await gatehouse.superuser.rows<{ action: string; organization_id: string; row: string }>(
      `SELECT DISTINCT action FROM audit_events WHERE action LIKE 'signing_key.%' ORDER BY action`,
    )
    expect(audits.map(({ action }) => action)).toEqual([
      'signing_key.activated',
      'signing_key.created',
      'signing_key.removed',
      'signing_key.retired',
    ])
    const kept = await gatehouse.superuser.rows<{ keys: string }>(
      `SELECT public_key::text || encode(sealed_private, 'escape') AS keys FROM signing_keys`,
    )
    for (const { keys } of kept) expect(keys).not.toContain('"d"')
  })

  it('are the operator’s to see and to rotate', async () => {
    for (const client of [acme.admin.organization, acme.admin.account]) {
      const { data } = await client.send('{ signingKeys { id } }')
      expect(data.signingKeys).toBeNull()
      const rotated = await client.send(ROTATE, { compromised: true })
      expect(rotated.data.rotateSigningKey.userErrors).toMatchObject([{ code: 'FORBIDDEN' }])
    }
    const { data } = await gatehouse.operator.send('{ signingKeys { id status createdAt activatedAt retiredAt } }')
    expect(data.signingKeys.slice(0, 2)).toMatchObject([{ status: 'ACTIVE' }, { status: 'NEXT' }])
  })
})
