import { version } from '../../package.json'
import { applyMembershipPolicy } from '../../src/modules/installation'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'
import { signUp } from '../support/world'

const INFO = '{ serverInfo { version loginMethods oneOrganizationPerUser } }'
const OPTIONS = 'query ($email: String!) { loginOptions(email: $email) { methods } }'

describe('what a console needs before anybody has signed in', () => {
  let gatehouse: Gatehouse

  const start = async (settings: Record<string, string> = {}) => {
    gatehouse = await startGatehouse(settings)
    return gatehouse.client()
  }
  afterEach(() => gatehouse.close())

  it('says version, the ways to sign in that are switched on, and the membership policy', async () => {
    const nobody = await start()
    expect((await nobody.send(INFO)).data.serverInfo).toEqual({
      version,
      loginMethods: ['EMAIL'],
      oneOrganizationPerUser: false,
    })
    await applyMembershipPolicy(gatehouse.database, 'single')
    expect((await nobody.send(INFO)).data.serverInfo.oneOrganizationPerUser).toBe(true)
  })

  it('names providers in the order of the sign-in page, and leaves out what is off', async () => {
    const nobody = await start({
      GATEHOUSE_GOOGLE_CLIENT_ID: 'google-client',
      GATEHOUSE_GOOGLE_CLIENT_SECRET: 'google-secret',
      GATEHOUSE_GITHUB_CLIENT_ID: 'github-client',
      GATEHOUSE_GITHUB_CLIENT_SECRET: 'github-secret',
      GATEHOUSE_EMAIL_CODES: 'off',
    })
    expect((await nobody.send(INFO)).data.serverInfo.loginMethods).toEqual(['GOOGLE', 'GITHUB'])
    const { data } = await nobody.send(OPTIONS, { email: 'ada@example.com' })
    expect(data.loginOptions).toEqual({ methods: ['GOOGLE', 'GITHUB'] })
  })

  it('answers for a known address, in any writing, as for an unknown one', async () => {
    const nobody = await start()
    const ada = await signUp(gatehouse)
    const emails = [ada.email, ada.email.toUpperCase(), 'unknown@example.com']
    const answers = await Promise.all(emails.map((email) => nobody.send(OPTIONS, { email })))
    for (const { data, errors } of answers)
      expect([data, errors]).toEqual([{ loginOptions: { methods: ['EMAIL'] } }, undefined])
  })

  it('says that something is no address', async () => {
    const nobody = await start()
    const { errors } = await nobody.send(OPTIONS, { email: 'nonsense' })
    expect(errors).toMatchObject([{ path: ['loginOptions'], extensions: { code: 'INVALID' } }])
  })
})
