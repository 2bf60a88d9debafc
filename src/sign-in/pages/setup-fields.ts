/**
 * Every field of the page at a set-up link, by the names that its forms post. The narrower ones first: what is wrong with
 * an issuer is at `protocol.oidc.issuer`.
 */
export const ALL_FIELDS = [
  'domain',
  'name',
  'metadataUrl',
  'metadataXml',
  'issuer',
  'clientId',
  'clientSecret',
  'protocol',
  'vendor',
] as const

/** Those that are shown again after a refusal; a secret is typed anew. */
export const SETUP_FIELDS = ALL_FIELDS.filter((name) => name !== 'clientSecret')

/** What was typed. */
export type SetupValues = Readonly<Partial<Record<(typeof ALL_FIELDS)[number], string>>>
