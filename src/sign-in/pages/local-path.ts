const ANY_ORIGIN = 'http://origin.invalid'

/**
 * The text as a path on this very origin, percent-encoded as a browser would follow it; `fallback` when a browser would
 * leave the origin or run something (`javascript:`, `//host`, `/\host`, a tab between slashes).
 */
export function localPath(text: string, fallback = '/'): string {
  if (!text.startsWith('/') || !URL.canParse(text, ANY_ORIGIN)) return fallback
  const url = new URL(text, ANY_ORIGIN)
  // "/.//host" normalises to "//host", which would be another host when resolved once more.
  if (url.origin !== ANY_ORIGIN || url.pathname.startsWith('//')) return fallback
  return url.pathname + url.search + url.hash
}

/** The path with `returnTo` in its query: where to go on after signing in. */
export function withReturnTo(path: string, returnTo: string): string {
  const url = new URL(localPath(path), ANY_ORIGIN)
  const target = localPath(returnTo)
  if (target !== '/') url.searchParams.set('returnTo', target)
  return url.pathname + url.search + url.hash
}
