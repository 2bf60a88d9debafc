import { signInCodeMail } from '../../src/modules/accounts/sign-in-code.mail'
import { leakedKeyMail } from '../../src/modules/api-keys/leaked-key.mail'
import { invitationMail } from '../../src/modules/invitations/invitation.mail'
import { newAdminMail } from '../../src/modules/members/new-admin.mail'
import { deletionScheduledMail } from '../../src/modules/organizations/deletion-scheduled.mail'
import { ownSignInMail } from '../../src/modules/own-sign-in/own-sign-in.mail'
import { renderMail } from '../../src/platform/mail-layout'

const HOSTILE = '<script>alert("1")</script> & \'Co\''
const INVITATION = {
  organizationName: 'Acme',
  invitedByName: 'Ada Lovelace',
  roleName: 'Member',
  message: 'Hello,\r\nplease join us.',
  url: 'https://gatehouse.example.com/invitations/inv_1?a=1&b=2',
  expiresAt: new Date('2026-03-10T14:05:00Z'),
}
const NEW_ADMIN = {
  organizationName: 'Acme',
  adminName: 'Grace',
  adminEmail: 'grace@example.com',
  changedByName: 'Ada',
}
const DELETION = {
  organizationName: 'Acme',
  requestedByName: 'Ada',
  cancelUntil: new Date('2026-03-10T14:05:00Z'),
  url: 'https://gatehouse.example.com/',
}

const invitationWith = (change: Partial<typeof INVITATION>) => invitationMail({ ...INVITATION, ...change })

describe('the invitation mail', () => {
  it('says in HTML and in text who invites whom to what, until when, and where to go', () => {
    const { subject, html, text } = invitationMail(INVITATION)
    expect(subject).toBe('Ada Lovelace invites you to Acme')
    for (const words of ['Ada Lovelace', 'Acme', 'Member', 'please join us.', '10 March 2026, 14:05 UTC']) {
      expect(html).toContain(words)
      expect(text).toContain(words)
    }
    expect(text).toContain(INVITATION.url)
    expect(html).toContain('href="https://gatehouse.example.com/invitations/inv_1?a=1&amp;b=2"')
  })

  it('quotes the message of the inviter line by line', () => {
    expect(invitationMail(INVITATION).text).toContain('\n\n> Hello,\n> please join us.\n\n')
    expect(invitationMail(INVITATION).html).toContain('Hello,\nplease join us.</blockquote>')
  })

  it.each([undefined, null, '', ' \n '])('quotes nothing when the message is %j', (message) => {
    const { html, text } = invitationMail({ ...INVITATION, message })
    expect(html).not.toContain('<blockquote')
    expect(text).not.toContain('>')
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', '/invitations/inv_1', ''])('refuses to link to %j', (url) => {
    expect(() => invitationWith({ url })).toThrow(TypeError)
  })
})

describe('the new Admin mail', () => {
  it('names the new Admin, their address, the organization and who did it', () => {
    const { subject, html, text } = newAdminMail(NEW_ADMIN)
    expect(subject).toBe('New Admin in Acme: Grace')
    for (const part of [html, text]) expect(part).toContain('Ada made Grace (grace@example.com) an Admin of Acme.')
  })
})

describe('the mail of a leaked key', () => {
  it('names the key by its preview, whose it is, and that it is dead; and holds no link that a stranger chose', () => {
    const { subject, html, text } = leakedKeyMail({
      organizationName: 'Acme',
      keyName: 'Deploy',
      preview: 'gak_0abc…wxyz',
      ownerName: 'Robot',
    })
    expect(subject).toBe('API key revoked: Deploy was found in public')
    for (const part of [html, text])
      for (const words of ['Deploy (gak_0abc…wxyz) of Robot in Acme', 'revoked at once', 'make a new key'])
        expect(part).toContain(words)
    expect(html).not.toContain('href=')
  })
})

describe('the mail of a deletion', () => {
  it('says who deleted what, until when it can be cancelled, and where', () => {
    const { subject, html, text } = deletionScheduledMail(DELETION)
    expect(subject).toBe('Acme will be deleted')
    for (const part of [html, text])
      for (const words of ['Ada deleted the organization Acme', '10 March 2026, 14:05 UTC', DELETION.url])
        expect(part).toContain(words)
  })
})

describe('the sign-in code mail', () => {
  it('shows the code in both parts and keeps it out of the subject', () => {
    const { subject, html, text } = signInCodeMail({ code: '482913', minutes: 10 })
    expect(html).toContain('>482913<')
    expect(text).toContain('\n    482913\n')
    expect(`${subject}${html.match(/<title>.*<\/title>/)?.[0]}`).not.toContain('482913')
    expect(text).toContain('for 10 minutes')
  })

  it('counts one minute as one', () => {
    expect(signInCodeMail({ code: '482913', minutes: 1 }).text).toContain('for 1 minute.')
  })
})

describe('every mail', () => {
  const hostileMails = [
    invitationWith({ organizationName: HOSTILE, invitedByName: HOSTILE, roleName: HOSTILE, message: HOSTILE }),
    newAdminMail({ organizationName: HOSTILE, adminName: HOSTILE, adminEmail: HOSTILE, changedByName: HOSTILE }),
    leakedKeyMail({ organizationName: HOSTILE, keyName: HOSTILE, preview: HOSTILE, ownerName: HOSTILE }),
    deletionScheduledMail({ ...DELETION, organizationName: HOSTILE, requestedByName: HOSTILE }),
    ownSignInMail({ organizationName: HOSTILE, ip: HOSTILE }),
    signInCodeMail({ code: HOSTILE, minutes: 10 }),
  ]

  it('escapes what people typed', () => {
    for (const { html } of hostileMails) {
      expect(html).not.toContain('<script')
      expect(html).toContain('&lt;script>alert(&quot;1&quot;)&lt;/script> &amp;')
    }
  })

  it.each(['\r\n', '\n', '\r', '\u2028', '\u2029', '\u0085', '\v', '\0'])(
    'keeps %j in a name out of the subject',
    (end) => {
      const name = `Acme${end}Bcc: everybody@example.com`
      const subjects = [
        invitationWith({ organizationName: name }).subject,
        newAdminMail({ ...NEW_ADMIN, adminName: name }).subject,
        deletionScheduledMail({ ...DELETION, organizationName: name }).subject,
        renderMail({ subject: `${name}${end}`, title: 'x', paragraphs: [], footer: 'x' }).subject,
      ]
      for (const subject of subjects) {
        expect(subject).toContain('Acme Bcc: everybody@example.com')
        expect(subject).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u)
      }
    },
  )

  it('lets a name write no line of its own in the text part', () => {
    const { text } = invitationWith({
      organizationName: 'Acme\n\nYour account is locked.\n',
      roleName: 'Member\n--\nx',
    })
    expect(text).not.toMatch(/^Your account/m)
    expect(text.match(/^--$/gm)).toHaveLength(1)
  })

  it('takes the marks that turn the reading direction out of names, and leaves joined emoji whole', () => {
    const { subject } = invitationWith({ organizationName: '\u202eemcA 👩\u200d🚀' })
    expect(subject).toBe('Ada Lovelace invites you to emcA 👩\u200d🚀')
  })

  it('loads nothing from outside and runs nothing', () => {
    for (const { html } of hostileMails) {
      expect(html).not.toMatch(/<(img|link|script|iframe)\b|\bsrc=|url\(|@import| on\w+=/i)
    }
  })

  it('is dark-mode aware and names its language', () => {
    const { html } = invitationMail(INVITATION)
    expect(html).toMatch(/^<!doctype html><html lang="en">/)
    expect(html).toContain('<meta name="color-scheme" content="light dark"')
    expect(html).toContain('prefers-color-scheme: dark')
  })
})
