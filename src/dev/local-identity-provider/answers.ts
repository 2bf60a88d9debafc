/** Which protocols an answer exists in. */
type Protocol = 'OIDC' | 'SAML'

const BOTH: readonly Protocol[] = ['OIDC', 'SAML']

/** How a company's sign-in is answered: properly, or in one of the ways in which an answer can be wrong. */
export const ANSWERS = [
  { key: 'proper', label: 'As it should be', protocols: BOTH },
  { key: 'denied', label: 'Refuse: the person may not use the application', protocols: BOTH },
  { key: 'new-subject', label: 'Same address, another subject', protocols: BOTH },
  { key: 'no-address', label: 'Without e-mail address', protocols: BOTH },
  { key: 'expired', label: 'Expired ten minutes ago', protocols: BOTH },
  { key: 'wrong-audience', label: 'For another application', protocols: BOTH },
  { key: 'wrong-recipient', label: 'For another address (Recipient and Destination)', protocols: ['SAML'] },
  { key: 'wrong-issuer', label: 'Issued by another provider', protocols: BOTH },
  { key: 'other-request', label: 'Answering another request (nonce, InResponseTo)', protocols: BOTH },
  { key: 'unasked', label: 'Answering no request (as if begun at the provider)', protocols: ['SAML'] },
  { key: 'replay', label: 'The last answer once more', protocols: BOTH },
  { key: 'wrong-key', label: 'Signed with a key that nobody knows', protocols: BOTH },
  { key: 'unsigned', label: 'Not signed', protocols: BOTH },
  { key: 'tampered', label: 'Changed after it was signed', protocols: BOTH },
  { key: 'sha1', label: 'Signed with SHA-1', protocols: ['SAML'] },
  { key: 'two-assertions', label: 'Two assertions, one of them not signed', protocols: ['SAML'] },
] as const satisfies readonly { key: string; label: string; protocols: readonly Protocol[] }[]

/** The key of one of them, as the form field `answer` carries it. */
export type Answer = (typeof ANSWERS)[number]['key']

/** Those that a protocol knows, `proper` first. */
export function answersIn(protocol: Protocol): readonly { key: Answer; label: string }[] {
  return ANSWERS.filter(({ protocols }) => (protocols as readonly Protocol[]).includes(protocol))
}

/** How a company's provider is as a whole. */
export const CONDITIONS = [
  { key: 'up', label: 'Works' },
  { key: 'slow', label: 'Slow: each answer takes ten seconds' },
  { key: 'down', label: 'Down: hangs up on every request' },
  { key: 'failing', label: 'Failing: answers 500 to every request' },
  { key: 'garbage', label: 'Garbage: answers 200 with something senseless' },
] as const

export type Condition = (typeof CONDITIONS)[number]['key']
