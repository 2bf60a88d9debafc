import { readUseCase } from '../../access'
import { findViewer, type ViewerParts, type ViewerView } from './viewer.store'

/**
 * The person who asks, in one statement; null when nobody is signed in or the caller is not a person.
 * A caller that presents a dead organization session and a live account session is seen on the account side.
 */
export const getViewer = readUseCase({
  name: 'getViewer',
  requires: 'anyone',
  organization: () => null,
  async run({ tx, actor }, parts: ViewerParts): Promise<ViewerView | null> {
    if (actor.kind !== 'account' && actor.kind !== 'member') return null
    return findViewer(tx, actor, parts)
  },
})
