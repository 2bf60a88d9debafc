import { makeDemoDirectory } from '../../src/dev/seed/demo-directory'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { enterSsoMode } from '../support/sso'
import { found } from '../support/world'

describe('the directory of the demonstration', () => {
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gatehouse = await startGatehouse()
  })
  afterAll(() => gatehouse.close())

  it('is made once, answers the token it was given last, and no other', async () => {
    const { uuid: organizationId, admin, ...acme } = await found(gatehouse)
    await enterSsoMode(gatehouse, { uuid: organizationId, admin, ...acme })
    const site = { organizationId, admin: { organizationToken: admin.organizationToken }, publicUrl: gatehouse.url }
    const first = await makeDemoDirectory(gatehouse.app.spine, site)
    const second = await makeDemoDirectory(gatehouse.app.spine, site)
    expect([second.id, second.baseUrl]).toEqual([first.id, first.baseUrl])
    const ask = async (token: string) =>
      (await fetch(`${second.baseUrl}/Users`, { headers: { authorization: `Bearer ${token}` } })).status
    expect([await ask(second.token), await ask(first.token)]).toEqual([200, 401])
  })
})
