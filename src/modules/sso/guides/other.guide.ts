import { type SetupGuide, TEST_AND_ACTIVATE } from './setup-guide'

/** Any provider that follows the standards. */
export const OTHER: readonly SetupGuide[] = [
  {
    vendor: 'OTHER',
    protocol: 'OIDC',
    steps: [
      {
        key: 'client',
        title: 'Register a client',
        body: 'Register a confidential web client with the authorization code grant and the redirect URI. PKCE with S256 is always used.',
        values: ['redirectUri'],
      },
      {
        key: 'credentials',
        title: 'Copy issuer and credentials',
        body: 'Enter the issuer exactly as the provider writes it in `issuer` of its discovery document (`{issuer}/.well-known/openid-configuration`), with client id and client secret. It must be reachable by https from here.',
        values: [],
      },
      {
        key: 'logout',
        title: 'Back-channel logout (optional)',
        body: 'Where the provider supports OpenID Connect Back-Channel Logout, enter the logout URI there.',
        values: ['logoutUri'],
      },
      ...TEST_AND_ACTIVATE,
    ],
  },
  {
    vendor: 'OTHER',
    protocol: 'SAML',
    steps: [
      {
        key: 'register',
        title: 'Register us',
        body: 'Load our metadata into the identity provider, or enter entity id and ACS URL (HTTP-POST) by hand.',
        values: ['spMetadataUrl', 'spEntityId', 'acsUrl'],
      },
      {
        key: 'requirements',
        title: 'What must come back',
        body: 'A SAML 2.0 response by HTTP-POST with one assertion, signed (it, the response or both) by RSA with SHA-256 or SHA-512, not encrypted; audience, recipient and `InResponseTo` set; times in UTC. A persistent or unspecified Name ID that is never given to somebody else.',
        values: [],
      },
      {
        key: 'metadata',
        title: 'Copy the provider’s metadata',
        body: 'Enter the metadata URL, paste the metadata, or enter entity id, sign-in URL and certificate one by one.',
        values: [],
      },
      ...TEST_AND_ACTIVATE,
    ],
  },
  {
    vendor: 'OTHER',
    protocol: 'SCIM',
    steps: [
      {
        key: 'connect',
        title: 'Enter URL and token',
        body: 'The provider must speak SCIM 2.0 (RFC 7643, RFC 7644) with a bearer token in the `Authorization` header. Everything of both is served: `ServiceProviderConfig` below the base URL says what.',
        values: ['scimBaseUrl', 'scimToken'],
      },
      {
        key: 'deactivate',
        title: 'See that access ends',
        body: 'Let it push one person, deactivate them there and look at the member here: `active: false` suspends, DELETE removes. Where the provider does neither for people who leave, remove them here.',
        values: [],
      },
      {
        key: 'strict',
        title: 'Test conformance (optional)',
        body: 'While a conformance suite runs, set the directory to strict: it then takes nothing that RFC 7643 and RFC 7644 do not allow. Set it back for everyday use.',
        values: [],
      },
    ],
  },
]
