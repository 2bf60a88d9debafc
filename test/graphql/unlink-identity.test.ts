import { newId, toTypeId } from '../../src/kernel/ids'
import { makeToken } from '../../src/platform/crypto'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { RACES } from '../support/soak'
import { found, type Person, signUp } from '../support/world'

const UNLINK = 'mutation ($id: ID!) { unlinkIdentity(id: $id) { deletedId userErrors { code path } } }'
const IDENTITIES = '{ viewer { identities { id kind } } }'
const WHO = '{ viewer { user { id } } }'
const SWITCH = 'mutation ($id: ID!) { switchOrganization(organizationId: $id) { token userErrors { code } } }'

describe('unlinkIdentity', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  /** Links a GitHub account to a person, and signs in with it. */
  const linkGitHub = async (person: Person) => {
    const [identityId, { token, hash }] = [newId(), makeToken('accountSession', null)]
    await gatehouse.superuser.rows(
      `INSERT INTO identities (id, user_id, provider, subject) VALUES ($1, $2, 'GITHUB', $3)`,
      [identityId, person.userId, identityId],
    )
    await gatehouse.superuser.rows(
      `INSERT INTO account_sessions (id, token_hash, user_id, identity_id, provider, expires_at)
       VALUES ($1, $2, $3, $4, 'GITHUB', now() + interval '1 hour')`,
      [newId(), hash, person.userId, identityId],
    )
    return { id: toTypeId('ExternalIdentity', identityId), token, account: gatehouse.client(token) }
  }
  const idOfEmail = async (person: Person): Promise<string> => {
    const [row] = await gatehouse.superuser.rows<{ id: string }>(
      `SELECT id FROM identities WHERE user_id = $1 AND provider = 'EMAIL'`,
      [person.userId],
    )
    return toTypeId('ExternalIdentity', row!.id)
  }
  const identitiesOf = async (person: Person): Promise<string[]> =>
    (
      await gatehouse.superuser.rows<{ id: string }>('SELECT id FROM identities WHERE user_id = $1', [person.userId])
    ).map(({ id }) => toTypeId('ExternalIdentity', id))
  const isAlive = async (token: string) => (await gatehouse.client(token).send(WHO)).data.viewer !== null
  const audits = async (id: string) =>
    gatehouse.superuser.rows(`SELECT action, actor_kind FROM audit_events WHERE $1 = ANY (target_ids)`, [id])

  it('takes it away, and ends what was opened with it, in organizations too, and nothing else', async () => {
    const acme = await found(gatehouse, 'Acme')
    const gitHub = await linkGitHub(acme.admin)
    const inside: string = (await gitHub.account.send(SWITCH, { id: acme.id })).data.switchOrganization.token
    expect(await isAlive(inside)).toBe(true)
    const { data } = await acme.admin.account.send(UNLINK, { id: gitHub.id })
    expect(data.unlinkIdentity).toEqual({ deletedId: gitHub.id, userErrors: [] })
    expect([await isAlive(gitHub.token), await isAlive(inside)]).toEqual([false, false])
    expect([await isAlive(acme.admin.accountToken), await isAlive(acme.admin.organizationToken)]).toEqual([true, true])
    expect((await acme.admin.account.send(IDENTITIES)).data.viewer.identities).toEqual([
      { id: await idOfEmail(acme.admin), kind: 'EMAIL' },
    ])
    expect(await audits(gitHub.id)).toEqual([{ action: 'identity.unlinked', actor_kind: 'account' }])
  })

  it('ends the session that asks when it was opened with it', async () => {
    const ada = await signUp(gatehouse)
    const gitHub = await linkGitHub(ada)
    const { data } = await gitHub.account.send(UNLINK, { id: gitHub.id })
    expect(data.unlinkIdentity.userErrors).toEqual([])
    expect((await gitHub.account.send(UNLINK, { id: await idOfEmail(ada) })).status).toBe(401)
    expect(await isAlive(ada.accountToken)).toBe(true)
  })

  it('keeps the last one', async () => {
    const ada = await signUp(gatehouse)
    const id = await idOfEmail(ada)
    const { data } = await ada.account.send(UNLINK, { id })
    expect(data.unlinkIdentity).toEqual({ deletedId: null, userErrors: [{ code: 'LAST_IDENTITY', path: null }] })
    expect([await isAlive(ada.accountToken), await identitiesOf(ada), await audits(id)]).toEqual([true, [id], []])
  })

  it("answers NOT_FOUND for a stranger's, for one that is gone and for what is no id, and leaves them alone", async () => {
    const ada = await signUp(gatehouse)
    const gitHub = await linkGitHub(ada)
    const stranger = await signUp(gatehouse, 'Stranger')
    const strangers = await linkGitHub(stranger)
    const gone = toTypeId('ExternalIdentity', newId())
    for (const id of [gitHub.id, gone, 'nonsense'])
      expect((await stranger.account.send(UNLINK, { id })).data.unlinkIdentity.userErrors[0].code).toBe('NOT_FOUND')
    expect([await isAlive(gitHub.token), await isAlive(strangers.token)]).toEqual([true, true])
    expect(await identitiesOf(ada)).toContain(gitHub.id)
  })

  it('is for account sessions: organization sessions and nobody answer 401', async () => {
    const acme = await found(gatehouse, 'Acme')
    const { id } = await linkGitHub(acme.admin)
    for (const client of [acme.admin.organization, gatehouse.client(), gatehouse.operator])
      expect((await client.send(UNLINK, { id })).status).toBe(401)
    expect(await identitiesOf(acme.admin)).toContain(id)
  })

  it(`leaves one of two that are taken away at once, in ${RACES} races`, async () => {
    for (let round = 0; round < RACES; round += 1) {
      const ada = await signUp(gatehouse)
      const gitHub = await linkGitHub(ada)
      // Each asks from the other's session: whoever loses finds its own session ended, or the last identity.
      await Promise.all([
        ada.account.send(UNLINK, { id: gitHub.id }),
        gitHub.account.send(UNLINK, { id: await idOfEmail(ada) }),
      ])
      expect(await identitiesOf(ada)).toHaveLength(1)
    }
  })

  it(`leaves no organization session behind when it races with switching, in ${RACES} races`, async () => {
    const acme = await found(gatehouse, 'Acme')
    for (let round = 0; round < RACES; round += 1) {
      const gitHub = await linkGitHub(acme.admin)
      const [switched] = await Promise.all([
        gitHub.account.send(SWITCH, { id: acme.id }),
        acme.admin.account.send(UNLINK, { id: gitHub.id }),
      ])
      const token: string | undefined = switched.data?.switchOrganization?.token
      if (token) expect(await isAlive(token)).toBe(false)
    }
  })
})
