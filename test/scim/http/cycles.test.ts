import type { Company } from '../../../src/dev/local-identity-provider'
import { ScimPusher } from '../../../src/dev/local-identity-provider/scim/scim-pusher'
import { SCIM_STYLES, type ScimStyle } from '../../../src/dev/local-identity-provider/scim/scim-styles'
import { selfSignedCertificate } from '../../../src/platform/crypto'
import { type Gatehouse, startGatehouse } from '../../support/gatehouse'
import { pushTo, type TestDirectory } from '../../support/scim'
import { join, openSession, signUp } from '../../support/world'

const CONFLICTS = `query ($id: ID!) { node(id: $id) { ... on Directory { conflicts(first: 10, status: [OPEN]) { nodes { id attempts } } } } }`
const ADOPT = `mutation ($id: ID!, $accept: Boolean!) { adoptDirectoryUser(id: $id, accept: $accept) { userErrors { code } } }`

/** Whole cycles as vendors run them: look, create, link, repeat what failed. */
describe('provisioning cycles converge', () => {
  let gatehouse: Gatehouse
  let directory: TestDirectory
  let companies = 0

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  /** A company of six in three groups, and a provider that pushes them to a new directory. */
  async function provider(style: ScimStyle): Promise<ScimPusher> {
    companies += 1
    directory = await pushTo(gatehouse)
    const domain = `company-${companies}.example`
    const people = ['Ada Lovelace', 'Bo Ek', 'Cy Twombly', 'Di Prima', 'Ed Ames', 'Flo Kane'].map((name, index) => ({
      name,
      email: `${name.split(' ')[0]!.toLowerCase()}@${domain}`,
      groups: [['engines', 'looms', 'sales'][index % 3]!],
    }))
    const company = { slug: 'x', name: 'X', clientSecret: 'x', key: selfSignedCertificate('x'), people } as Company
    const pusher = new ScimPusher(company)
    pusher.style = style
    pusher.connect(directory.scim.base, directory.token)
    return pusher
  }

  /** Whoever the directory provides, as the provider would want them. */
  const there = () =>
    gatehouse.superuser.rows(
      `SELECT u.user_name AS "userName", m.name, m.status = 'JOINED' AS active, (
         SELECT array_agg(t.name ORDER BY t.name) FROM team_members tm JOIN teams t ON t.id = tm.team_id
         WHERE tm.member_id = m.id) AS groups
       FROM directory_users u JOIN members m ON m.organization_id = u.organization_id AND m.id = u.member_id
       WHERE u.directory_id = $1 ORDER BY 1`,
      [directory.uuid],
    )
  const wanted = ({ people }: ScimPusher) =>
    people
      .map(({ userName, name, active, group }) => ({ userName, name, active, groups: group ? [group] : null }))
      .sort((one, other) => (one.userName < other.userName ? -1 : 1))
  const versions = async () => {
    const read = async (path: string) => (await directory.scim.get(path)).body.Resources
    return [...(await read('/Users')), ...(await read('/Groups'))].map(({ id, meta }) => [id, meta.version])
  }

  it.each(SCIM_STYLES.map((style) => [style.key, style] as const))(
    'O-5 O-7 E-2 E-15 %s: the first cycle brings everybody, further ones what changed and nothing else',
    async (_, style) => {
      const pusher = await provider(style)
      await pusher.pushAll()
      expect(await there()).toEqual(wanted(pusher))
      const before = await versions()
      await pusher.pushAll()
      expect(await versions()).toEqual(before)
      const [ada, bo, cy] = pusher.people
      await pusher.rename(ada!, 'Ada King')
      await pusher.setActive(bo!, false)
      await pusher.move(cy!, 'engines')
      expect(await there()).toEqual(wanted(pusher))
      await pusher.setActive(bo!, true)
      await pusher.pushAll()
      expect(await there()).toEqual(wanted(pusher))
    },
  )

  it.each(SCIM_STYLES.map((style) => [style.key, style] as const))(
    'E-17 %s: a person who is a member already is 409 until an Admin confirms, and there with the next cycle',
    async (_, style) => {
      const pusher = await provider(style)
      const { organization } = directory
      const flo = pusher.people.at(-1)!
      const member = await join(gatehouse, organization, 'member', {
        ...(await signUp(gatehouse, 'Flo')),
        email: flo.userName,
        name: 'Flo by invitation',
      })
      const admin = gatehouse.client(await openSession(gatehouse, organization.uuid, organization.admin.memberId))
      const open = async () => (await admin.send(CONFLICTS, { id: directory.id })).data.node.conflicts.nodes
      for (const attempts of [1, 2]) {
        await pusher.pushAll()
        expect((await there()).length).toBe(5)
        expect(await open()).toMatchObject([{ attempts }])
      }
      const [{ id }] = await open()
      expect((await admin.send(ADOPT, { id, accept: true })).data.adoptDirectoryUser.userErrors).toEqual([])
      await pusher.pushAll()
      expect(await there()).toEqual(wanted(pusher))
      expect(await open()).toEqual([])
      const [adopted] = await gatehouse.superuser.rows<{ member_id: string }>(
        'SELECT member_id FROM directory_users WHERE directory_id = $1 AND user_name = $2',
        [directory.uuid, flo.userName],
      )
      expect(adopted!.member_id).toBe(member.memberId)
    },
  )

  it.each(SCIM_STYLES.map((style) => [style.key, style] as const))(
    'E-14 O-6 %s: whoever leaves and comes back is the same member, also when the provider has lost its links',
    async (_, style) => {
      const pusher = await provider(style)
      await pusher.pushAll()
      const ids = async () =>
        gatehouse.superuser.rows(
          'SELECT user_name, member_id FROM directory_users WHERE directory_id = $1 ORDER BY 1',
          [directory.uuid],
        )
      const before = await ids()
      await pusher.setActive(pusher.people[0]!, false)
      for (const one of [...pusher.people, ...pusher.groups]) one.id = null
      pusher.people[0]!.active = true
      await pusher.pushAll()
      await pusher.setActive(pusher.people[0]!, true)
      expect(await ids()).toEqual(before)
      expect(await there()).toEqual(wanted(pusher))
    },
  )
})
