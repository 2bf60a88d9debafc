import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type GuideValue, SETUP_GUIDES } from '../../src/modules/sso'
import { expectGolden } from '../support/golden'

const VENDORS: Readonly<Record<string, string>> = {
  OKTA: 'Okta',
  ENTRA: 'Microsoft Entra ID',
  GOOGLE: 'Google Workspace',
  JUMPCLOUD: 'JumpCloud',
  ONELOGIN: 'OneLogin',
  OTHER: 'Any other provider',
  DEMO: 'Local identity provider of development',
}
const PROTOCOLS = { OIDC: 'OpenID Connect', SAML: 'SAML 2.0', SCIM: 'SCIM 2.0' }
const VALUES: Readonly<Record<GuideValue, string>> = {
  redirectUri: 'redirect URI `{PUBLIC_URL}/sso/oidc/{sso_…}/callback`',
  signInUrl: 'sign-in page `{PUBLIC_URL}/sso/{sso_…}/start`',
  logoutUri: 'logout URI `{PUBLIC_URL}/sso/oidc/{sso_…}/backchannel-logout`',
  acsUrl: 'ACS URL `{PUBLIC_URL}/sso/saml/{sso_…}/acs`',
  spEntityId: 'entity id `{PUBLIC_URL}/sso/saml/{sso_…}`',
  spMetadataUrl: 'metadata URL `{PUBLIC_URL}/sso/saml/{sso_…}/metadata`',
  scimBaseUrl: 'SCIM base URL `{PUBLIC_URL}/scim/v2/{dir_…}`',
  scimToken: 'SCIM token `scim_…`, shown once',
}
const file = (vendor: string) => `${vendor.toLowerCase()}.md`

describe('docs/idp', () => {
  const vendors = [...new Set(SETUP_GUIDES.map(({ vendor }) => vendor))]

  it.each(vendors)('has the guides of %s, as setupGuide fills them in', (vendor) => {
    const chapters = SETUP_GUIDES.filter((guide) => guide.vendor === vendor).map(({ protocol, steps }) => {
      const lines = steps.map(({ title, body, values }, index) => {
        const copied = values.map((value) => `\n   - ${VALUES[value]}`).join('')
        return `${index + 1}. **${title}.** ${body}${copied}`
      })
      return `## ${PROTOCOLS[protocol]}\n\n${lines.join('\n')}\n`
    })
    const introduction =
      'Made from `src/modules/sso/guides` by `test/contract/idp-guides.test.ts` (`UPDATE_GOLDEN=1`). The API gives the same steps with the values of your connection: `setupGuide`.'
    expectGolden(`docs/idp/${file(vendor)}`, `# ${VENDORS[vendor]}\n\n${introduction}\n\n${chapters.join('\n')}`)
  })

  it('has no other', () => {
    expect(readdirSync(join(__dirname, '../../docs/idp')).sort()).toEqual(vendors.map(file).sort())
  })
})
