import { AppError } from '../../src/kernel/errors'
import { discoverOidc, type OidcIssuer } from '../../src/modules/sso'
import { createSafeFetch } from '../../src/platform/safe-fetch'

const ISSUER = 'https://login.example.com'
const document = (changes: object = {}, issuer = ISSUER) => ({
  issuer,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  jwks_uri: `${ISSUER}/keys`,
  response_types_supported: ['code', 'id_token'],
  claims_supported: ['everything'],
  ...changes,
})

describe('OIDC discovery', () => {
  const asked: string[] = []
  beforeEach(() => void asked.splice(0))

  const discover = (issuer: Partial<OidcIssuer>, answer: unknown, status = 200) => {
    const body = typeof answer === 'string' ? answer : JSON.stringify(answer)
    const outside = {
      fetch: async (url: string | URL) => {
        asked.push(String(url))
        return new Response(body, { status })
      },
      resolveTxt: async () => [],
    }
    return discoverOidc(outside, { issuer: ISSUER, vendor: 'OTHER', hostedDomain: null, ...issuer }, [
      'input',
      'issuer',
    ])
  }
  const refusal = async (issuer: Partial<OidcIssuer>, answer: unknown = document(), status = 200) => {
    const error = await discover(issuer, answer, status).catch((error: unknown) => error)
    if (!(error instanceof AppError)) return 'taken'
    return `${error.code} ${error.details.path?.join('.')} ${error.message}`
  }

  it('keeps what a sign-in needs of the document, and nothing else', async () => {
    expect(await discover({}, document({ scopes_supported: ['openid'] }))).toEqual({
      issuer: ISSUER,
      metadata: {
        authorization_endpoint: `${ISSUER}/authorize`,
        token_endpoint: `${ISSUER}/token`,
        jwks_uri: `${ISSUER}/keys`,
        scopes_supported: ['openid'],
      },
    })
    expect(asked).toEqual([`${ISSUER}/.well-known/openid-configuration`])
  })

  it('asks beneath the path of an issuer, with or without a slash at its end', async () => {
    for (const issuer of [`${ISSUER}/tenant`, `${ISSUER}/tenant/`])
      expect((await discover({ issuer }, document({}, issuer))).issuer).toBe(issuer)
    expect(new Set(asked)).toEqual(new Set([`${ISSUER}/tenant/.well-known/openid-configuration`]))
  })

  it('refuses issuers that are not plain addresses, without asking anybody', async () => {
    for (const issuer of [
      'http://login.example.com',
      'http://127.0.0.1:4001',
      `${ISSUER}?a=/.well-known/`,
      `${ISSUER}/.well-known/openid-configuration`,
      `${ISSUER}#a`,
      `${ISSUER}?`,
      'https://login.example.com:443',
      'https://LOGIN.example.com',
      'https://a:b@login.example.com',
      `${ISSUER}/a/../b`,
      'login.example.com',
      'javascript:alert(1)',
      '',
    ])
      expect([issuer, await refusal({ issuer })]).toEqual([issuer, expect.stringMatching(/^INVALID input.issuer/)])
    expect(asked).toEqual([])
  })

  it('refuses a document of another issuer, were it only a slash', async () => {
    for (const issuer of [`${ISSUER}/`, 'https://accounts.google.com', 'https://evil.example'])
      expect(await refusal({}, document({}, issuer))).toContain('calls itself')
  })

  it('refuses endpoints that are not safe to use', async () => {
    for (const [changes, reason] of [
      [{ token_endpoint: 'http://login.example.com/token' }, 'token_endpoint'],
      [{ jwks_uri: 'file:///etc/passwd' }, 'jwks_uri'],
      [{ userinfo_endpoint: 'javascript:alert(1)' }, 'userinfo_endpoint'],
      [{ authorization_endpoint: `${ISSUER}/authorize?redirect_uri=https://evil.example` }, 'parameters of OAuth'],
      [{ jwks_uri: undefined }, 'jwks_uri'],
      [{ response_types_supported: ['id_token'] }, 'code flow'],
      [{ id_token_signing_alg_values_supported: ['none', 'HS256'] }, 'sign ID tokens'],
    ] as const)
      expect(await refusal({}, document(changes))).toContain(reason)
    expect(await refusal({}, 'not json')).toContain('discovery document')
    expect(await refusal({}, document(), 404)).toContain('could not be reached, or has no such document')
  })

  it('takes Entra for one directory only', async () => {
    const tenant = '2f3b7c1e-9a4d-4e5f-8b6a-0c1d2e3f4a5b'
    const issuer = `https://login.microsoftonline.com/${tenant}/v2.0`
    expect((await discover({ issuer, vendor: 'ENTRA' }, document({}, issuer))).entraTenantId).toBe(tenant)
    for (const name of ['common', 'organizations', 'consumers', 'acme.onmicrosoft.com'])
      expect(await refusal({ issuer: `https://login.microsoftonline.com/${name}/v2.0` })).toContain(
        'id of your directory',
      )
    expect(await refusal({ vendor: 'ENTRA' })).toContain('id of your directory')
  })

  it('takes Google for one Workspace only', async () => {
    const issuer = 'https://accounts.google.com'
    expect(await refusal({ issuer })).toMatch(/^REQUIRED input.hostedDomain/)
    expect(await refusal({ issuer, hostedDomain: 'nonsense' })).toMatch(/^INVALID input.hostedDomain/)
    expect((await discover({ issuer, hostedDomain: 'Acme.com ' }, document({}, issuer))).hostedDomain).toBe('acme.com')
    expect(await refusal({ hostedDomain: 'acme.com' })).toContain('Google Workspace only')
  })

  it('tells nothing of what stands inside the network', async () => {
    const outside = { fetch: createSafeFetch({ allowsLoopback: false }), resolveTxt: async () => [] }
    const ask = (issuer: string) =>
      discoverOidc(outside, { issuer, vendor: 'OTHER', hostedDomain: null }, ['i']).catch(
        (error: Error) => error.message,
      )
    expect(await ask('https://169.254.169.254')).toMatch(/not an address of the public internet/)
    expect(await ask('https://10.0.0.1')).toMatch(/not an address of the public internet/)
  })
})
