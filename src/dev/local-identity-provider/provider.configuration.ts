import { randomBytes } from 'node:crypto'
import type { Configuration, JWK } from 'oidc-provider'
import type { Account } from './account'
import { pageHeaders } from './layout.page'
import { createMemoryAdapter } from './memory.adapter'
import { renderRefusedPage } from './refused.page'

type Setup = {
  client: { id: string; secret: string; redirectUris: string[] }
  /** private key with `alg`, `use` and `kid` */
  signingKey: JWK
  findAccount: (subject: string) => Account | undefined
}

const hourSeconds = 3600
const interactionSeconds = hourSeconds
const codeSeconds = 60

/** The path of the page on which a person is picked, without the identifier of the interaction. */
export const interactionPath = '/interaction/'

/** Configures oidc-provider for one confidential client: authorization code with PKCE, nothing else. */
export function buildConfiguration({ client, signingKey, findAccount }: Setup): Configuration {
  return {
    adapter: createMemoryAdapter(),
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        client_name: 'Gatehouse',
        redirect_uris: client.redirectUris,
        response_types: ['code'],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    jwks: { keys: [signingKey] },
    enabledJWA: { idTokenSigningAlgValues: ['RS256'] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    pkce: { required: () => true },
    responseTypes: ['code'],
    scopes: ['openid', 'profile', 'email'],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    // Puts name and e-mail address into the ID token as well, as the large providers do.
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
    },
    interactions: { url: (_context, interaction) => `${interactionPath}${interaction.uid}` },
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
      Session: interactionSeconds,
    },
  }
}

function claimsOf({ subject, name, email }: Account) {
  return { sub: subject, name, email, email_verified: true }
}
