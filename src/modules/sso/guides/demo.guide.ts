import { type SetupGuide, TEST_AND_ACTIVATE } from './setup-guide'

const PLACE =
  'Open the local identity provider that a development server starts (`http://127.0.0.1:4001`, or as the server said at its start) and choose a company.'

/** The local identity provider of development: nothing is registered there, so that there is only something to copy. */
export const DEMO: readonly SetupGuide[] = [
  {
    vendor: 'DEMO',
    protocol: 'OIDC',
    steps: [
      {
        key: 'credentials',
        title: 'Copy issuer and credentials',
        body: `${PLACE} Enter its **Issuer**, **Client id** and **Client secret**. The redirect URI is known there already.`,
        values: [],
      },
      ...TEST_AND_ACTIVATE,
    ],
  },
  {
    vendor: 'DEMO',
    protocol: 'SAML',
    steps: [
      {
        key: 'metadata',
        title: 'Copy the metadata URL',
        body: `${PLACE} Enter its **Metadata URL**. The ACS URL is known there already.`,
        values: [],
      },
      ...TEST_AND_ACTIVATE,
    ],
  },
]
