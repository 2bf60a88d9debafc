import { createHmac, timingSafeEqual } from 'node:crypto'

/** The token that the forms of a page carry: made from the secret of a cookie, which no other site can read. */
export function formTokenFor(cookieSecret: string): string {
  return createHmac('sha256', cookieSecret).update('gatehouse/form/1').digest('base64url')
}

/** True when a form came from a page that was made for the holder of the cookie. */
export function isFormToken(cookieSecret: string | null, presented: unknown): boolean {
  if (cookieSecret === null || typeof presented !== 'string') return false
  const expected = Buffer.from(formTokenFor(cookieSecret))
  const given = Buffer.from(presented)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
