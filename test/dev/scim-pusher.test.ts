import { DEMO_COMPANIES } from '../../src/dev/companies'
import { type LocalIdentityProvider, startLocalIdentityProvider } from '../../src/dev/local-identity-provider'
import { SCIM_STYLES } from '../../src/dev/local-identity-provider/scim/scim-styles'
import { type ArrangedDirectory, arrangeDirectory } from '../support/directories'
import { eventually } from '../support/eventually'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { enterSsoMode } from '../support/sso'
import { found, type TestOrganization } from '../support/world'

describe('the page that pushes people by SCIM', () => {
  let gatehouse: Gatehouse
  let acme: TestOrganization
  let directory: ArrangedDirectory
  let identityProvider: LocalIdentityProvider
  let page: string

  beforeAll(async () => {
    gatehouse = await startGatehouse()
    identityProvider = await startLocalIdentityProvider({
      port: 0,
      redirectUris: [],
      people: async () => [],
      companies: DEMO_COMPANIES,
      gatehouseOrigins: [gatehouse.url],
    })
    page = `${identityProvider.issuer}/initech/scim`
  })
  beforeEach(async () => {
    acme = await found(gatehouse)
    await enterSsoMode(gatehouse, acme)
    directory = await arrangeDirectory(gatehouse, acme)
  })
  afterAll(async () => {
    await identityProvider?.close()
    await gatehouse.close()
  })

  const press = (fields: Record<string, string>) =>
    fetch(page, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
  const connect = (style: string, more: Record<string, string> = {}) => {
    const baseUrl = `${gatehouse.url}/scim/v2/${directory.id}`
    return press({ do: 'connect', style, baseUrl, token: directory.token, ...more })
  }
  const html = async () => (await fetch(page)).text()
  const members = () =>
    gatehouse.superuser.rows<{ email: string; name: string; status: string; teams: string[] }>(
      `SELECT m.email, m.name, m.status, ARRAY(
         SELECT t.name FROM team_members tm JOIN teams t ON t.id = tm.team_id WHERE tm.member_id = m.id ORDER BY 1) AS teams
       FROM directory_users u JOIN members m ON m.organization_id = u.organization_id AND m.id = u.member_id
       WHERE u.directory_id = $1 ORDER BY m.email`,
      [directory.uuid],
    )
  const karen = async () => {
    const text = await html()
    const [, subject] = /Karen Jones[\s\S]*?name="person" value="([0-9a-f]{32})"/.exec(text) ?? []
    return subject!
  }
  const find = async (email: string) => (await members()).find((member) => member.email === email)

  it.each(SCIM_STYLES.map(({ key }) => key))(
    'pushes, deactivates, renames and moves people the way of %s',
    async (style) => {
      expect((await connect(style)).status).toBe(303)
      expect((await press({ do: 'push' })).status).toBe(303)
      expect((await members()).map(({ email, teams }) => [email, teams])).toEqual([
        ['annie@initech.example', ['staff']],
        ['carl@partner.example', ['contractors']],
        ['ida@initech.example', ['admins']],
        ['karen@initech.example', ['engineering']],
        ['mary@initech.example', ['engineering']],
      ])
      const person = await karen()
      await press({ do: 'deactivate', person })
      expect((await find('karen@initech.example'))?.status).toBe('SUSPENDED')
      await press({ do: 'activate', person })
      await press({ do: 'rename', person, name: 'Karen Sparck Jones' })
      await press({ do: 'move', person, group: 'admins' })
      expect(await find('karen@initech.example')).toMatchObject({
        status: 'JOINED',
        name: 'Karen Sparck Jones',
        teams: ['admins'],
      })
      await press({ do: 'rename', person, name: 'Karen Jones' })
      await press({ do: 'move', person, group: 'engineering' })
      expect((await find('karen@initech.example'))?.teams).toEqual(['engineering'])
      const text = await html()
      expect(text).not.toContain(directory.token)
      expect(text).toContain('/Groups/')
    },
  )

  it('pushes nothing twice', async () => {
    await connect('okta-patch')
    await press({ do: 'push' })
    await press({ do: 'push' })
    expect(await members()).toHaveLength(5)
  })

  it('pushes only to directories of this Gatehouse, and says what is missing', async () => {
    for (const baseUrl of [
      'https://example.com/scim/v2/dir_00000000000000000000000000',
      `${gatehouse.url}/graphql`,
      'x',
    ]) {
      const answer = await connect('entra', { baseUrl })
      expect([baseUrl, answer.status]).toEqual([baseUrl, 422])
      expect(await answer.text()).toContain('role="alert"')
    }
  })

  it('shows requests and answers, and has no script and nothing from elsewhere', async () => {
    await connect('entra')
    await press({ do: 'push' })
    const response = await fetch(page)
    const text = await response.text()
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(text).not.toMatch(/<script|(?:src|href)="https?:/)
    expect(text).toContain('excludedAttributes=members')
    expect(text).toContain('<details>')
  })

  it('pushes a thousand people and shows how far it is, without a script', async () => {
    await connect('okta-patch')
    expect((await press({ do: 'burst' })).status).toBe(303)
    const text = await html()
    expect(text).toMatch(/<progress max="1000" value="\d+"/)
    expect(text).toContain('http-equiv="refresh"')
    expect((await press({ do: 'push' })).status).toBe(422)
    await eventually('a thousand people', async () => /Finished: 1000 of 1000</.test(await html()) || null, 100_000)
    expect(await members()).toHaveLength(1_000)
    expect(await html()).not.toContain('http-equiv="refresh"')
  }, 120_000)
})
