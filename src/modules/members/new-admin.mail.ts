import { type Mail, renderMail } from '../../platform/mail-layout'

export interface NewAdminMail {
  readonly organizationName: string
  readonly adminName: string
  readonly adminEmail: string
  readonly changedByName: string
}

/** Tells the Admins of an organization that there is another one, so that an unwanted promotion is noticed. */
export function newAdminMail({ organizationName, adminName, adminEmail, changedByName }: NewAdminMail): Mail {
  return renderMail({
    subject: `New Admin in ${organizationName}: ${adminName}`,
    title: `${adminName} is now an Admin`,
    paragraphs: [
      `${changedByName} made ${adminName} (${adminEmail}) an Admin of ${organizationName}.`,
      'An Admin manages members, projects, roles and settings of the whole organization. If this was not intended, change the role back and look at the audit log.',
    ],
    footer: `You get this mail because you are an Admin of ${organizationName}.`,
  })
}
