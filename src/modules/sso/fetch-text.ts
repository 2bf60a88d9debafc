import { AppError } from '../../kernel/errors'
import type { Outside } from '../../platform/outside'
import { SafeFetchError } from '../../platform/safe-fetch'

/**
 * Reads a document from an address that a tenant gave. What stands at an address that is not one is not told.
 *
 * @param path  of the argument that holds the address
 * @throws INVALID  it cannot be reached, or answers something else than 200
 */
export async function fetchText(outside: Outside, url: string, path: readonly string[]): Promise<string> {
  const unreachable = () =>
    new AppError('INVALID', `${new URL(url).host} could not be reached, or has no such document.`, { path })
  try {
    const response = await outside.fetch(url, { headers: { accept: '*/*' } })
    if (response.status !== 200) throw unreachable()
    return await response.text()
  } catch (error) {
    if (error instanceof SafeFetchError && error.reason === 'ADDRESS')
      throw new AppError(
        'INVALID',
        `${error.message} Enter one that begins with https:// and can be reached from here.`,
        { path },
      )
    if (error instanceof SafeFetchError && error.reason === 'TIMEOUT')
      throw new AppError('INVALID', error.message, { path })
    throw error instanceof SafeFetchError ? unreachable() : error
  }
}
