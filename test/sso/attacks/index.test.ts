import { readFileSync } from 'node:fs'
import path from 'node:path'

const ROOT = path.join(__dirname, '../..')

/** Every attack on signing in that we know of, where it is tried, and by which tests. */
const ATTACKS: readonly (readonly [number, what: string, file: string, tests: readonly RegExp[]])[] = [
  [
    1,
    'takeover by e-mail',
    'sso/attacks/identities',
    [/attack 1: takes over nobody by asserting/, /attack 1: .* SAML/],
  ],
  [2, 'unverified e-mail', 'sso/attacks/identities', [/attack 2:/]],
  [3, 'squatted domains', 'sso/attacks/settings', [/attack 3:/]],
  [4, 'people of another organization', 'sso/attacks/identities', [/attack 4:/]],
  [5, 'provisioning into the wrong organization', 'sso/attacks/identities', [/attack 5: brings/, /attack 5: lets/]],
  [5, 'the same by many at once', 'sso/company-sign-in', [/makes one member of 20 first sign-ins at once/]],
  [6, 'coming back after removal', 'sso/attacks/identities', [/attack 6:/]],
  [
    7,
    'rights by attributes',
    'sso/attacks/identities',
    [/attack 7: gives no role/, /attack 7: takes back/, /attack 7: .* SAML/],
  ],
  [8, 'login CSRF', 'sso/attacks/browsers', [/attack 8: is not signed in/, /attack 8: may/]],
  [9, 'open redirects', 'sso/attacks/browsers', [/attack 9: is not sent on/, /attack 9: is sent on by no/]],
  [10, 'sign-ins that begin at the provider', 'sso/attacks/browsers', [/attack 10:/]],
  [11, 'session fixation', 'sso/attacks/browsers', [/attack 11:/]],
  [12, 'cookies and forged requests', 'sso/attacks/browsers', [/attack 12:/]],
  [
    13,
    'tokens for something else',
    'tokens/forged-tokens',
    [/another audience or of another issuer/, /another organization/, /another algorithm/],
  ],
  [
    14,
    'keys that a token names or brings along',
    'tokens/forged-tokens',
    [/refused with the kid/, /brings its own key/],
  ],
  [15, 'access after the end', 'tokens/ended-access', [/count the refresh tokens that were alive/]],
  [15, 'the same under load', 'decisions/removal-under-load', [/it\(/]],
  [16, 'stolen refresh tokens', 'tokens/refresh-tokens', [/used a second time ends its family/, /20 uses at once/]],
  [17, 'leaked invitations', 'graphql/accept-invitation', [/any number of times/, /too late, after a new link/]],
  [
    18,
    'invitations of somebody else',
    'graphql/accept-invitation',
    [/only for an account with the invited address verified/],
  ],
  [19, 'tokens of directories', 'scim/http/transport', [/T7 two tokens .* only as a hash/, /T8 a revoked token/]],
  [20, 'sealed secrets that are moved', 'sso/attacks/settings', [/attack 20:/]],
  [21, 'enumeration', 'sso/attacks/settings', [/attack 21:/]],
  [21, 'enumeration of addresses', 'sso/home-realm', [/answers alike for every address of a domain/]],
  [22, 'connections that become others', 'sso/attacks/settings', [/attack 22:/]],
  [23, 'sign-ins used elsewhere', 'sso/attacks/browsers', [/attack 23:/]],
  [24, 'recycled subjects', 'sso/attacks/identities', [/attack 24: knows/, /attack 24: gives/]],
  [25, 'reflected errors', 'sso/attacks/browsers', [/attack 25:/]],
]

describe('attacks on signing in', () => {
  it('are 25, none of them untried', () => {
    const numbers = new Set(ATTACKS.map(([number]) => number))
    expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1))
  })

  it.each(ATTACKS)('attack %i: %s, tried in %s', (_number, _what, file, tests) => {
    const source = readFileSync(path.join(ROOT, `${file}.test.ts`), 'utf8')
    for (const test of tests) expect(source).toMatch(test)
  })
})
