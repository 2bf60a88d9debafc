/** What a refusal looks like: to the employee, who is told no more than helps, and to the Admin who is to mend it. */
export interface RefusalDescription {
  /** For the employee. */
  readonly message: string
  /** HTTP status of the employee's page. */
  readonly status: 400 | 403 | 409 | 410 | 503
  /** For the Admin, in the order in which to try. */
  readonly howToFix: readonly string[]
}

const UNCONFIRMED = 'Your company’s sign-in did not confirm who you are.'
const COMPARE_CLOCKS = 'Compare the clock of the identity provider with that of this installation.'

const unconfirmed = (...howToFix: string[]): RefusalDescription => ({ message: UNCONFIRMED, status: 400, howToFix })
const notLetIn = (message: string, ...howToFix: string[]): RefusalDescription => ({ message, status: 403, howToFix })

/** Every reason for which a sign-in through a company ends without a session. A code never changes its meaning. */
export const SSO_REFUSALS = {
  IDP_UNREACHABLE: {
    message: 'Your company’s sign-in cannot be reached right now. Try again in a moment.',
    status: 503,
    howToFix: [
      'Look whether the identity provider is up, and whether this installation may reach it (https, port 443).',
      'Each request to it must be answered within five seconds.',
    ],
  },
  CANCELLED: {
    message: 'The sign-in was cancelled, or your company does not let you use this application.',
    status: 400,
    howToFix: ['Assign the person to the application at the identity provider.'],
  },
  PROVIDER_ERROR: unconfirmed('Look into the log of the identity provider; the detail names what it answered.'),
  CLIENT_REFUSED: unconfirmed(
    'The identity provider did not take our client secret: make a new one there and enter it here.',
    'Compare the client id and how the secret is presented (client_secret_post or client_secret_basic).',
  ),
  CODE_REFUSED: unconfirmed(
    'Compare the redirect URI at the identity provider with the one shown here, to the letter.',
    'Begin again: a code counts once and for about a minute.',
  ),
  TOKEN_INVALID: unconfirmed(
    'The ID token does not hold; the detail says in which way.',
    'Compare issuer and client id, and look whether the provider signs with RS256, PS256, ES256 or EdDSA.',
    COMPARE_CLOCKS,
  ),
  WRONG_TENANT: unconfirmed(
    'The person belongs to another directory (tid) or Workspace (hd) than the connection names.',
    'Enter the issuer of your own directory, or the right hosted domain.',
  ),
  SAML_FORM: unconfirmed('The provider must post SAMLResponse once, as a form (HTTP-POST binding).'),
  SAML_SIZE: unconfirmed('Send fewer attributes and groups: a response has at most 256 KiB.'),
  SAML_TEXT: unconfirmed('The response is not plain base64 and XML; the detail says what it has.'),
  SAML_SCHEMA: unconfirmed('The response does not follow the schema of SAML 2.0; the detail says where.'),
  SAML_STRUCTURE: unconfirmed(
    'Have the provider sign the assertion, the response, or both, without encryption, with one assertion in it.',
  ),
  SAML_ALGORITHM: unconfirmed('Choose RSA with SHA-256 as signature algorithm at the identity provider.'),
  SAML_SIGNATURE: unconfirmed(
    'Add the certificate with which the provider signs now: download it there, or import the metadata again.',
  ),
  SAML_STATUS: unconfirmed(
    'The provider says that the sign-in failed there; look into its log.',
    'Assign the person to the application.',
  ),
  SAML_ISSUER: unconfirmed('Compare the entity id (issuer) of the identity provider, to the letter.'),
  SAML_AUDIENCE: unconfirmed('Compare the entity id (audience) that the provider has for this connection.'),
  SAML_RECIPIENT: unconfirmed('Compare the ACS URL that the provider has for this connection.'),
  SAML_TIME: unconfirmed(COMPARE_CLOCKS),
  SAML_CONDITIONS: unconfirmed('Have assertions valid for minutes, with an audience and no other conditions.'),
  SAML_SUBJECT: unconfirmed('Have the provider send one Name ID with a bearer confirmation.'),
  SAML_AUTHENTICATION: unconfirmed('Have the provider send exactly one AuthnStatement.'),
  SAML_CORRELATION: unconfirmed(
    'The response answers another request than ours: begin the sign-in here.',
    'Allow sign-ins that begin at the provider only if people need them.',
  ),
  REPLAYED: {
    message: 'This answer of your company’s sign-in was used already. Begin again.',
    status: 400,
    howToFix: ['Nothing, if it happens once: somebody went back in the browser.'],
  },
  SUBJECT_MISSING: unconfirmed(
    'The provider sent no subject that lasts: a persistent Name ID, or the claim named as subject source.',
  ),
  ADDRESS_MISSING: notLetIn(
    'Your company’s sign-in did not tell your e-mail address.',
    'Have the provider send the e-mail address, or map the claim or attribute that holds it.',
  ),
  GROUPS_LEFT_OUT: unconfirmed(
    'Have the provider send only the groups that are assigned to the application, or application roles instead of groups.',
    'Until then members of very many groups keep the role and teams they have, and new ones get the default role.',
  ),
  OTHER_DOMAIN: notLetIn(
    'Your e-mail address is of a domain that the organization has not proven to be its own.',
    'Prove the domain of the address, or let the connection take people of other domains.',
  ),
  ADDRESS_IN_USE: {
    message:
      'Another member of the organization has your e-mail address. If that is you, sign in the way you did before and link your company’s sign-in.',
    status: 409,
    howToFix: [
      'The person links this sign-in themselves: an address alone never does.',
      'Or remove the old member, and the person comes in as a new one.',
    ],
  },
  NOT_PROVISIONED: notLetIn(
    'You are not a member of the organization yet.',
    'Provision the person (SCIM), or turn on just-in-time members for this connection.',
  ),
  REMOVED: notLetIn(
    'You were removed from the organization.',
    'Let the person in again where they are listed as removed.',
  ),
  SUSPENDED: notLetIn('Your access to the organization is suspended.', 'Reactivate the member.'),
  USER_DISABLED: notLetIn(
    'Your account is disabled.',
    'The operator of the installation has disabled the account; ask there.',
  ),
  OTHER_ORGANIZATION: notLetIn(
    'You belong to another organization, and this installation allows one.',
    'The person leaves the other organization first.',
  ),
  IDENTITY_TAKEN: {
    message: 'This company sign-in belongs to another member already.',
    status: 409,
    howToFix: ['Sign in at the provider as yourself.'],
  },
  NOT_IN_USE: {
    message: 'This way to sign in is not in use.',
    status: 403,
    howToFix: ['Activate the connection; members must come by SSO.'],
  },
} as const satisfies Record<string, RefusalDescription>

/** Why a sign-in through a company was refused. */
export type SsoRefusalCode = keyof typeof SSO_REFUSALS
