import { utcText } from '../../kernel/utc-text'
import { type Mail, renderMail } from '../../platform/mail-layout'

export interface DeletionScheduledMail {
  readonly organizationName: string
  /** Who asked for the deletion. */
  readonly requestedByName: string
  /** When everything will be purged. */
  readonly cancelUntil: Date
  /** Absolute address of the page where an Admin can cancel. */
  readonly url: string
}

/** Tells the Admins that their organization will be purged, while it can still be brought back. */
export function deletionScheduledMail(deletion: DeletionScheduledMail): Mail {
  const { organizationName, requestedByName, cancelUntil, url } = deletion
  return renderMail({
    subject: `${organizationName} will be deleted`,
    title: `${organizationName} will be deleted`,
    paragraphs: [
      `${requestedByName} deleted the organization ${organizationName}. Nobody has access to it any more.`,
      `Everything in it is kept until ${utcText(cancelUntil)} and purged then. Until then an Admin can cancel the deletion: sign in and choose “Cancel deletion” beside its name.`,
    ],
    action: { label: 'Go to your organizations', url },
    footer: `You get this mail because you are an Admin of ${organizationName}. If you agree with the deletion, there is nothing to do.`,
  })
}
