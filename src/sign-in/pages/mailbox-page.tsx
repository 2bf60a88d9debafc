import type { JSX } from 'preact'
import { renderPage } from './layout'
import { localPath } from './local-path'
import { Moment } from './note'
import { Rows } from './rows'

export interface MailboxEntry {
  readonly to: string
  readonly subject: string
  readonly sentAt: Date
  /** Path that shows this mail. */
  readonly url: string
}

export interface MailboxPageProps {
  /** Newest first. */
  readonly mails: readonly MailboxEntry[]
  /** The mail to show, if one was chosen. */
  readonly opened: (Omit<MailboxEntry, 'url'> & { readonly html: string; readonly text: string }) | null
}

/**
 * `/dev/mailbox`: what would have been mailed, in development. The frame inherits the content security policy of the
 * page, so that this one route must allow inline styles for the mail to look as it will.
 */
export function renderMailboxPage({ mails, opened }: MailboxPageProps): string {
  return renderPage({
    title: opened ? opened.subject : 'Mailbox',
    width: 'wide',
    children: opened ? <OpenedMail {...opened} /> : <MailList mails={mails} />,
  })
}

function MailList({ mails }: Pick<MailboxPageProps, 'mails'>): JSX.Element {
  return (
    <section class="card">
      <div class="heading">
        <h1>Mailbox</h1>
        <p class="quiet">Development only: mails are kept here instead of being sent. Set SMTP_URL to send them.</p>
      </div>
      <Rows empty="No mail yet. Reload this page after inviting somebody or asking for a sign-in code.">
        {mails.map(({ to, subject, sentAt, url }) => (
          <li key={url}>
            <div class="what">
              <a class="name" href={localPath(url)}>
                <bdi>{subject}</bdi>
              </a>
              <span>
                To <bdi>{to}</bdi>
              </span>
            </div>
            <span class="quiet small">
              <Moment at={sentAt} />
            </span>
          </li>
        ))}
      </Rows>
    </section>
  )
}

function OpenedMail({ to, subject, sentAt, html, text }: NonNullable<MailboxPageProps['opened']>): JSX.Element {
  return (
    <section class="card">
      <p>
        <a href="/dev/mailbox">All mails</a>
      </p>
      <div class="heading">
        <h1>
          <bdi>{subject}</bdi>
        </h1>
        <p class="quiet">
          To <bdi>{to}</bdi>, <Moment at={sentAt} />
        </p>
      </div>
      {/* Without scripts and without our origin; a click on a link opens it in place of this page. */}
      <iframe
        title="The mail as HTML"
        sandbox="allow-top-navigation-by-user-activation"
        srcdoc={`<base target="_top">${html}`}
      />
      <details>
        <summary>The mail as text</summary>
        <pre>{text}</pre>
      </details>
    </section>
  )
}
