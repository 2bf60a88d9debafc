import { readUseCase } from '../../access'
import { AppError } from '../../kernel/errors'
import { type ListPage, listPage, type PageArguments, readPage } from '../../kernel/page'
import type { UserEntity } from './user.entity'
import { listUserRows } from './user-access.store'

const SEARCH_LENGTH = 254

/**
 * Accounts of the installation whose address begins with the search term, by address.
 * @throws REQUIRED, TOO_LONG  the search term
 * @throws INVALID  a cursor of another list, or a size outside 1..100
 */
export const listUsers = readUseCase({
  name: 'listUsers',
  requires: 'operator',
  organization: () => null,
  async run({ tx }, { search, page }: { search: string; page: PageArguments }): Promise<ListPage<UserEntity>> {
    const prefix = search.trim().normalize('NFC').toLowerCase()
    if (!prefix) throw new AppError('REQUIRED', 'Type the beginning of an e-mail address.', { path: ['search'] })
    if (prefix.length > SEARCH_LENGTH)
      throw new AppError('TOO_LONG', `An e-mail address has at most ${SEARCH_LENGTH} characters.`, { path: ['search'] })
    const binding = JSON.stringify(['users', prefix])
    const checked = readPage(page, binding)
    const rows = await listUserRows(tx, prefix, checked)
    return listPage(rows, checked, binding, (row) => [row.email, row.id])
  },
})
