import { createPrivateKey, createSign } from 'node:crypto'
import type { JWK } from 'oidc-provider'
import type { SelfSigned } from '../../platform/crypto'

/** Header members beside `alg`. */
type Header = { kid?: string; typ?: string }

/** Signs a token by RS256 (RFC 7519), for what oidc-provider does not issue: wrong ones and logout tokens. */
export function signJwt(header: Header, claims: Record<string, unknown>, { privateKey }: SelfSigned): string {
  const input = `${encode({ alg: 'RS256', ...header })}.${encode(claims)}`
  return `${input}.${createSign('RSA-SHA256').update(input).sign(privateKey, 'base64url')}`
}

/** A token that nobody has signed (RFC 7518 §3.6). */
export function unsignedJwt(claims: Record<string, unknown>): string {
  return `${encode({ alg: 'none' })}.${encode(claims)}.`
}

/** The claims of a token of our own, unchecked. */
export function claimsIn(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
}

/** A private key as oidc-provider takes it. */
export function signingJwk({ privateKey }: SelfSigned, kid: string): JWK {
  return { ...createPrivateKey(privateKey).export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid } as JWK
}

/** One part of a token. */
export function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
