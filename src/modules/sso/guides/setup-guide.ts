/** How an identity provider is connected. */
export type GuideProtocol = 'OIDC' | 'SAML' | 'SCIM'

/** Who makes an identity provider, for its guide and its presets. */
export type GuideVendor = 'OKTA' | 'ENTRA' | 'GOOGLE' | 'JUMPCLOUD' | 'ONELOGIN' | 'DEMO' | 'OTHER'

/** A value that the Admin copies from here to there. */
export type GuideValue =
  | 'redirectUri'
  | 'signInUrl'
  | 'logoutUri'
  | 'acsUrl'
  | 'spEntityId'
  | 'spMetadataUrl'
  | 'scimBaseUrl'
  | 'scimToken'

/** One step of a guide. */
export interface GuideStep {
  readonly key: string
  readonly title: string
  /** Markdown; says where to click, in the words of the vendor's console. */
  readonly body: string
  /** What is copied in this step, shown beside it with the values filled in. */
  readonly values: readonly GuideValue[]
}

/** All there is to do to connect one vendor by one protocol. */
export interface SetupGuide {
  readonly vendor: GuideVendor
  readonly protocol: GuideProtocol
  readonly steps: readonly GuideStep[]
}

/** The last steps are the same everywhere. */
export const TEST_AND_ACTIVATE: readonly GuideStep[] = [
  {
    key: 'test',
    title: 'Test',
    body: 'Press **Test** and sign in with your own account in the window that opens. Every step of the sign-in is listed with what came back, and with what to do where something is wrong. Nobody becomes a member by a test.',
    values: [],
  },
  {
    key: 'activate',
    title: 'Activate',
    body: 'Press **Activate** once the test has passed. While the organization is in invitation mode the connection waits; switching the membership mode activates it.',
    values: [],
  },
]
