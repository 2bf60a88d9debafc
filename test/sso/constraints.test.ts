import { purgeDueOrganizations } from '../../src/modules/organizations'
import { findOrganizationOfSsoProvider, findSsoProvider, secretSealContext } from '../../src/modules/sso'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { arrangeProvider, enterSsoMode, OIDC_SETTINGS } from '../support/sso'
import { found, type TestOrganization } from '../support/world'

describe('sso_providers', () => {
  let gatehouse: Gatehouse
  let invited: TestOrganization
  let enterprise: TestOrganization

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    invited = await found(gatehouse, 'Invited')
    enterprise = await found(gatehouse, 'Enterprise')
    await enterSsoMode(gatehouse, enterprise)
  })
  afterAll(() => gatehouse.close())

  const change = (provider: { uuid: string }, assignment: string) =>
    gatehouse.superuser.rows(`UPDATE sso_providers SET ${assignment} WHERE id = $1`, [provider.uuid])

  it('are found by their organization alone, with everything that a sign-in needs', async () => {
    const { uuid } = await arrangeProvider(gatehouse, enterprise, { status: 'ACTIVE', secret: 'very secret indeed' })
    const find = (organizationId: string) =>
      gatehouse.database.write({ kind: 'organization', organizationId }, (tx) =>
        findSsoProvider(tx, organizationId, uuid),
      )
    expect(await find(invited.uuid)).toBeNull()
    const provider = (await find(enterprise.uuid))!
    expect(provider).toMatchObject({
      status: 'ACTIVE',
      settings: OIDC_SETTINGS,
      defaultRole: { key: 'member', isSystem: true },
      certificates: [],
      groupMappings: [],
      hasIdentities: false,
      justInTime: true,
    })
    expect(provider.settingsDigest.equals(provider.testedDigest!)).toBe(true)
    const { sealer } = gatehouse.app.spine
    expect(sealer.open(provider.sealedSecret!, secretSealContext(enterprise.uuid, uuid))).toBe('very secret indeed')
    expect(() => sealer.open(provider.sealedSecret!, secretSealContext(invited.uuid, uuid))).toThrow(/does not open/)
    const organizationOf = gatehouse.database.write({ kind: 'account' }, (tx) =>
      findOrganizationOfSsoProvider(tx, uuid),
    )
    expect(await organizationOf).toBe(enterprise.uuid)
  })

  it('are never active where members come by invitation', async () => {
    await expect(arrangeProvider(gatehouse, invited, { status: 'ACTIVE' })).rejects.toThrow(
      'sso_providers_organization_mode_fkey',
    )
    const provider = await arrangeProvider(gatehouse, invited, { status: 'TESTED' })
    await expect(change(provider, `status = 'ACTIVE'`)).rejects.toThrow('sso_providers_active_check')
    await expect(change(provider, `status = 'ACTIVE', organization_mode = 'INVITATION'`)).rejects.toThrow(
      'sso_providers_mode_check',
    )
  })

  it('hold their organization in SSO mode while they are active', async () => {
    const provider = await arrangeProvider(gatehouse, enterprise, { status: 'ACTIVE' })
    const leave = () =>
      gatehouse.superuser.rows(`UPDATE organizations SET membership_mode = 'INVITATION' WHERE organization_id = $1`, [
        enterprise.uuid,
      ])
    await expect(leave()).rejects.toThrow('sso_providers_organization_mode_fkey')
    await expect(change(provider, 'organization_mode = NULL')).rejects.toThrow('sso_providers_active_check')
  })

  it('are active, or ready to be, only with the settings that were tested', async () => {
    for (const status of ['TESTED', 'ACTIVE']) {
      const provider = await arrangeProvider(gatehouse, enterprise, { status })
      for (const assignment of [`settings_digest = '\\x00'`, `tested_digest = NULL`, `tested_digest = '\\x00'`])
        await expect(change(provider, assignment)).rejects.toThrow('sso_providers_tested_check')
    }
    const draft = await arrangeProvider(gatehouse, enterprise)
    await expect(change(draft, `status = 'TESTED'`)).rejects.toThrow('sso_providers_tested_check')
  })

  it('go with their organization, also one that is active', async () => {
    const gone = await found(gatehouse, 'Gone')
    await enterSsoMode(gatehouse, gone)
    const { uuid } = await arrangeProvider(gatehouse, gone, { status: 'ACTIVE' })
    await gatehouse.superuser.rows(
      `INSERT INTO sso_identities (organization_id, id, sso_provider_id, subject, member_id, user_id) VALUES ($1, $2, $2, '42', $3, $4)`,
      [gone.uuid, uuid, gone.admin.memberId, gone.admin.userId],
    )
    await gatehouse.superuser.rows(
      `UPDATE organizations SET status = 'PENDING_DELETION', deletion_requested_at = now() - interval '31 days',
         deletion_scheduled_for = now() - interval '1 day' WHERE organization_id = $1`,
      [gone.uuid],
    )
    expect(await purgeDueOrganizations(gatehouse.app.spine)).toBe(1)
    for (const table of ['sso_providers', 'sso_provider_lookups', 'sso_identities', 'organizations'])
      expect(await gatehouse.superuser.rows(`SELECT FROM ${table} WHERE organization_id = $1`, [gone.uuid])).toEqual([])
  })
})
