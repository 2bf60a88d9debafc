import { TestBrowser } from '../support/browser'
import { type FakeGitHub, startFakeGitHub } from '../support/fake-github'
import { type Gatehouse, startGatehouse } from '../support/gatehouse'

const CLIENT = { GATEHOUSE_GITHUB_CLIENT_ID: 'client', GATEHOUSE_GITHUB_CLIENT_SECRET: 'a-secret-of-github' }

describe('signing in at GitHub', () => {
  let gitHub: FakeGitHub
  let gatehouse: Gatehouse

  beforeAll(async () => {
    gitHub = await startFakeGitHub(CLIENT.GATEHOUSE_GITHUB_CLIENT_SECRET)
    const gitHubAddresses = { site: gitHub.address, api: gitHub.address }
    gatehouse = await startGatehouse(CLIENT, { gitHubAddresses, signInsPerMinute: 10_000 })
  })
  afterAll(async () => {
    await gatehouse.close()
    await gitHub.close()
  })

  const signIn = async (spoil = (path: string) => path) => {
    const browser = new TestBrowser(gatehouse.url)
    const { location } = await browser.get('/login/github/start')
    const back = new URL((await fetch(location!, { redirect: 'manual' })).headers.get('location')!)
    return { browser, answer: await browser.get(spoil(back.pathname + back.search)) }
  }
  const identities = (subject: string) =>
    gatehouse.superuser.rows("SELECT * FROM identities WHERE provider = 'GITHUB' AND subject = $1", [subject])

  it('knows a person by the number that stays, and takes verified addresses only', async () => {
    gitHub.person = {
      id: 4711,
      login: 'octo',
      name: 'Octo Cat',
      emails: [
        { email: 'unproven@example.com', verified: false, primary: false },
        { email: 'second@example.com', verified: true, primary: false },
        { email: 'Octo@Example.com', verified: true, primary: true },
      ],
    }
    const { answer, browser } = await signIn()
    expect(answer.status).toBe(303)
    expect((await browser.get('/')).html).toContain('Octo Cat')
    expect(await identities('4711')).toMatchObject([
      { email: 'octo@example.com', verified_emails: ['octo@example.com', 'second@example.com'] },
    ])
    gitHub.person = { ...gitHub.person, login: 'renamed' }
    await signIn()
    expect(await identities('4711')).toHaveLength(1)
  })

  it('makes no account without a verified address', async () => {
    const emails = [{ email: 'unproven@example.com', verified: false, primary: true }]
    gitHub.person = { id: 4712, login: 'unproven', name: null, emails }
    const { answer, browser } = await signIn()
    expect(answer.status).toBe(400)
    expect(browser.cookies.has('gatehouse_account')).toBe(false)
    expect(await identities('4712')).toEqual([])
  })

  it('refuses a code that GitHub does not take', async () => {
    const { answer, browser } = await signIn((path) => path.replace(/code=[^&]*/, 'code=guessed'))
    expect(answer.status).toBe(400)
    expect(browser.cookies.has('gatehouse_account')).toBe(false)
  })
})
