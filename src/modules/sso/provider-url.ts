import { AppError } from '../../kernel/errors'

const LONGEST = 1_024
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * An address of an identity provider: https, or plain http on this machine where that is allowed.
 *
 * @param what  its name in the message
 * @param allowsLoopback  in development and tests
 * @throws INVALID  anything else, or with user name, fragment or more than 1024 characters
 */
export function readProviderUrl(
  text: string,
  what: string,
  { allowsLoopback, path }: { allowsLoopback: boolean; path: readonly string[] },
): URL {
  const url = text.length <= LONGEST && URL.canParse(text) ? new URL(text) : null
  const isLocal = allowsLoopback && url?.protocol === 'http:' && LOOPBACK.test(url.hostname)
  if (!url || !(url.protocol === 'https:' || isLocal) || url.username || url.password || url.hash)
    throw new AppError('INVALID', `${what} must be an address that begins with https://.`, { path })
  return url
}
