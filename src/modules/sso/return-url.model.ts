import { AppError } from '../../kernel/errors'

const MOST_URLS = 20
const LONGEST_URL = 1_024
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])
// What a finished sign-in adds itself.
const OURS = ['code', 'state']

/**
 * Checks addresses of frontends to which sign-ins may return. Each is compared to the letter, so there are no patterns;
 * plain http only on the machine of the person itself (RFC 8252 §7.3).
 *
 * @throws TOO_MANY, INVALID  with path
 */
export function checkReturnUrls(urls: readonly string[]): string[] {
  if (urls.length > MOST_URLS)
    throw new AppError('TOO_MANY', `At most ${MOST_URLS} return URLs are kept.`, { path: ['urls'] })
  for (const [index, url] of urls.entries())
    if (!isReturnable(url))
      throw new AppError(
        'INVALID',
        'A return URL begins with https:// (or http://localhost), has no user name, no fragment, no wildcard, and no code or state in its query.',
        { path: ['urls', String(index)] },
      )
  return [...new Set(urls)]
}

function isReturnable(text: string): boolean {
  if (text.length > LONGEST_URL || !URL.canParse(text) || /[\s*\\]/.test(text)) return false
  const url = new URL(text)
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname))
  const isPlain = url.href === text || url.href === `${text}/`
  return (
    isSafe && isPlain && !url.username && !url.password && !url.hash && !OURS.some((name) => url.searchParams.has(name))
  )
}
