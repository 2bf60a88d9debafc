import { readUseCase } from '../../access'
import { type ListPage, listPage, type PageArguments, readPage } from '../../kernel/page'
import { listMemberBlockRows, type MemberBlock } from './member-block.store'

/** The people whom a sign-in does not make members again, latest first. */
export const listMemberBlocks = readUseCase({
  name: 'listMemberBlocks',
  requires: 'member.remove',
  organization: (input: { organizationId: string; page: PageArguments }) => input.organizationId,
  async run({ tx, organizationId }, { page }): Promise<ListPage<MemberBlock>> {
    const binding = `member-blocks/${organizationId}`
    const checked = readPage(page, binding)
    const rows = await listMemberBlockRows(tx, organizationId, checked)
    return listPage(rows, checked, binding, (row) => [row.blockedAt.toISOString(), row.id])
  },
})
