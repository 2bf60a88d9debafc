import type { CSSProperties, JSX } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { singleLine } from '../kernel/single-line'

/** A mail ready to send: a one-line subject and the same words as HTML and as plain text. */
export interface Mail {
  readonly subject: string
  readonly html: string
  readonly text: string
}

/** One block of a mail: a sentence or more of ours, words quoted from a person, or a code to be typed. */
export type MailParagraph = string | { readonly quote: string } | { readonly code: string }

export interface MailContent {
  readonly subject: string
  readonly title: string
  readonly paragraphs: readonly MailParagraph[]
  /** The one thing to do; `url` is absolute, http or https. */
  readonly action?: { readonly label: string; readonly url: string }
  /** Why the person gets this mail, and what to do when it was not meant for them. */
  readonly footer: string
}

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"

// Inline styles are the light look, which every client shows; the classes carry the dark one for clients that read <style>.
const DARK = `@media (prefers-color-scheme: dark) {
  .ground { background: #12141a !important }
  .card { background: #1c1f27 !important; border-color: #3d4452 !important; color: #e9ebf0 !important }
  .quiet { color: #a5adbb !important }
  .quote { border-color: #a9b5ff !important; background: #12141a !important }
  .code { background: #12141a !important; border-color: #3d4452 !important }
  .button { background: #a9b5ff !important; color: #141938 !important }
  .link { color: #a9b5ff !important }
}`

const styles = {
  ground: { margin: 0, padding: '32px 16px', background: '#f3f4f7', fontFamily: FONT },
  card: {
    maxWidth: '520px',
    margin: '0 auto',
    padding: '32px 28px',
    background: '#ffffff',
    border: '1px solid #c9ced8',
    borderRadius: '12px',
    color: '#1b1f27',
    fontSize: '16px',
    lineHeight: '1.55',
    overflowWrap: 'anywhere',
  },
  brand: { margin: '0 0 20px', color: '#565e6c', fontSize: '14px', fontWeight: 600, letterSpacing: '.02em' },
  title: { margin: '0 0 16px', fontSize: '22px', lineHeight: '1.3', fontWeight: 650 },
  paragraph: { margin: '0 0 16px' },
  quote: {
    margin: '0 0 16px',
    padding: '12px 16px',
    borderLeft: '3px solid #3446c8',
    background: '#f3f4f7',
    whiteSpace: 'pre-line',
  },
  code: {
    margin: '0 0 16px',
    padding: '16px',
    textAlign: 'center',
    fontFamily: "ui-monospace, 'SF Mono', Menlo, Consolas, monospace",
    fontSize: '30px',
    fontWeight: 600,
    letterSpacing: '.2em',
    background: '#f3f4f7',
    border: '1px solid #c9ced8',
    borderRadius: '8px',
  },
  action: { margin: '24px 0' },
  button: {
    display: 'inline-block',
    padding: '12px 22px',
    borderRadius: '8px',
    background: '#3446c8',
    color: '#ffffff',
    fontWeight: 600,
    textDecoration: 'none',
  },
  small: { margin: '0 0 16px', color: '#565e6c', fontSize: '14px' },
  link: { color: '#3446c8' },
  footer: { maxWidth: '520px', margin: '20px auto 0', color: '#565e6c', fontSize: '13px', lineHeight: '1.5' },
} satisfies Record<string, CSSProperties>

/**
 * Renders one mail. Everything is escaped; the subject and every line of ours in the text part is a single line, so that
 * a name with line breaks can write neither a header nor a paragraph.
 *
 * @throws TypeError  when `action.url` is not an absolute http or https URL
 */
export function renderMail({ subject, title, paragraphs, action, footer }: MailContent): Mail {
  const target = action && { label: singleLine(action.label), url: webUrl(action.url) }
  const content = { subject: singleLine(subject), title: singleLine(title), footer: singleLine(footer), paragraphs }
  return {
    subject: content.subject,
    html: `<!doctype html>${renderToString(<MailDocument {...content} action={target} />)}`,
    text: mailText({ ...content, action: target }),
  }
}

function webUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw new TypeError('A mail links to http and https only')
  return url.href
}

function MailDocument({ subject, title, paragraphs, action, footer }: MailContent): JSX.Element {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{subject}</title>
        <style>{DARK}</style>
      </head>
      <body class="ground" style={styles.ground}>
        <div class="card" style={styles.card}>
          <p class="quiet" style={styles.brand}>
            Gatehouse
          </p>
          <h1 style={styles.title}>{title}</h1>
          {paragraphs.map(paragraphElement)}
          {action && <MailAction {...action} />}
        </div>
        <p class="quiet" style={styles.footer}>
          {footer}
        </p>
      </body>
    </html>
  )
}

function paragraphElement(paragraph: MailParagraph): JSX.Element {
  if (typeof paragraph === 'string') return <p style={styles.paragraph}>{singleLine(paragraph)}</p>
  if ('code' in paragraph) {
    return (
      <p class="code" style={styles.code}>
        {singleLine(paragraph.code)}
      </p>
    )
  }
  return (
    <blockquote class="quote" style={styles.quote}>
      {quotedLines(paragraph.quote).join('\n')}
    </blockquote>
  )
}

function MailAction({ label, url }: { label: string; url: string }): JSX.Element {
  return (
    <>
      <p style={styles.action}>
        <a class="button" href={url} style={styles.button}>
          {label}
        </a>
      </p>
      <p class="quiet" style={styles.small}>
        If the button does not work, open this address:
        <br />
        <a class="link" href={url} style={styles.link}>
          {url}
        </a>
      </p>
    </>
  )
}

function mailText({ title, paragraphs, action, footer }: MailContent): string {
  const blocks = [title, ...paragraphs.map(paragraphText)]
  if (action) blocks.push(`${action.label}:\n${action.url}`)
  return `${[...blocks, `--\n${footer}`].join('\n\n')}\n`
}

function paragraphText(paragraph: MailParagraph): string {
  if (typeof paragraph === 'string') return singleLine(paragraph)
  if ('code' in paragraph) return `    ${singleLine(paragraph.code)}`
  return quotedLines(paragraph.quote)
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')
}

const quotedLines = (quote: string): string[] =>
  quote
    .trim()
    .split(/\r\n|[\r\n\u2028\u2029]/)
    .map(singleLine)
