import { randomBytes } from 'node:crypto'
import type { Configuration, JWK, KoaContextWithOIDC } from 'oidc-provider'
import { type Account, profileOf } from './account'
import { pageHeaders } from './layout.page'
import { createMemoryAdapter } from './memory.adapter'
import { renderRefusedPage } from './refused.page'
import { renderSignedOutPage } from './signed-out.page'

type Setup = {
  client: { id: string; secret: string; redirectUris: string[] }
  /** private key with `alg`, `use` and `kid` */
  signingKey: JWK
  /** path below which everything is answered, without a trailing slash */
  mountPath: string
  /** employees of a company: refresh tokens, and the claim `groups` */
  isCompany: boolean
  findAccount: (subject: string) => Account | undefined
}

const hourSeconds = 3600
const interactionSeconds = hourSeconds
const codeSeconds = 60

/** The path of the page on which a person is picked, without the identifier of the interaction. */
export const interactionPath = '/interaction/'

/** Configures oidc-provider for one confidential client: authorization code with PKCE, nothing else. */
export function buildConfiguration({ client, signingKey, mountPath, isCompany, findAccount }: Setup): Configuration {
  return {
    adapter: createMemoryAdapter(),
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        client_name: 'Gatehouse',
        redirect_uris: client.redirectUris,
        response_types: ['code'],
        grant_types: isCompany ? ['authorization_code', 'refresh_token'] : ['authorization_code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    jwks: { keys: [signingKey] },
    enabledJWA: { idTokenSigningAlgValues: ['RS256'] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    pkce: { required: () => true },
    responseTypes: ['code'],
    scopes: ['openid', 'profile', 'email', ...(isCompany ? ['offline_access'] : [])],
    claims: {
      openid: ['sub'],
      profile: isCompany ? ['name', 'given_name', 'family_name', 'groups'] : ['name'],
      email: ['email', 'email_verified'],
    },
    // Also to whom asks without the consent that offline_access would need: there is no consent screen.
    ...(isCompany && { issueRefreshToken: async () => true }),
    // Puts name and e-mail address into the ID token as well, as the large providers do.
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: isCompany, postLogoutSuccessSource: showSignedOut },
    },
    interactions: { url: (_context, interaction) => `${mountPath}${interactionPath}${interaction.uid}` },
    findAccount: (_context, subject) => {
      const account = findAccount(subject)
      return account && { accountId: account.subject, claims: () => claimsOf(account) }
    },
    expiresWithSession: () => false,
    clientBasedCORS: () => false,
    renderError: (context, { error, error_description }) => {
      context.set(pageHeaders)
      context.body = renderRefusedPage({ code: error, reason: error_description })
    },
    ttl: {
      AccessToken: hourSeconds,
      AuthorizationCode: codeSeconds,
      Grant: hourSeconds,
      IdToken: hourSeconds,
      Interaction: interactionSeconds,
      RefreshToken: 24 * hourSeconds,
      Session: interactionSeconds,
    },
  }
}

async function showSignedOut(context: KoaContextWithOIDC): Promise<void> {
  context.set(pageHeaders)
  context.body = renderSignedOutPage()
}

function claimsOf(account: Account) {
  return { sub: account.subject, ...profileOf(account), email_verified: true }
}
