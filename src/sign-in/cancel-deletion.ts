import type { FastifyReply } from 'fastify'
import { notFound } from '../access'
import { cancelOrganizationDeletion } from '../modules/organizations'
import { getViewer } from '../modules/viewer'
import { ACCOUNT_SIDE } from './account-side'
import type { Visit } from './visit'

/** `POST /organizations/{slug}/cancel-deletion`: brings a deleted organization back. */
export async function cancelDeletionOnPage(visit: Visit): Promise<FastifyReply> {
  const viewer = await visit.runOnAccountSide(getViewer, { ...ACCOUNT_SIDE, memberships: true })
  const membership = viewer?.memberships.find(({ slug }) => slug === visit.pathPart('slug'))
  if (!membership) throw notFound('The organization')
  await visit.runOnAccountSide(cancelOrganizationDeletion, { organizationId: membership.organizationId })
  return visit.goTo('/?notice=restored')
}
