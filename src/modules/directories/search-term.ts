import { AppError } from '../../kernel/errors'

const LONGEST = 100

/**
 * What a search compares: without case, as the keys of directories are stored.
 * @returns  null when nothing is searched for
 * @throws TOO_LONG
 */
export function readSearch(text: string | null): string | null {
  const term = text?.trim() ?? ''
  if (term.length > LONGEST)
    throw new AppError('TOO_LONG', `Search for at most ${LONGEST} characters.`, { path: ['search'] })
  return term ? term.toLowerCase().normalize('NFC') : null
}
