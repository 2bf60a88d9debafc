import type { ComponentChildren, JSX } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { singleLine } from '../../kernel/single-line'
import { GATEHOUSE_OUTLINE } from './icon'

export interface PageFrame {
  readonly title: string
  readonly children: ComponentChildren
  /** Shown in the corner: the address or name of the person; nothing when absent or null. */
  readonly signedInAs?: string | null
  /** Lists need room; forms and messages read better in a narrow column. */
  readonly width?: 'narrow' | 'wide'
}

/** A whole HTML document around the children. It loads `/assets/gatehouse.css`, its icon and nothing else, and needs no script. */
export function renderPage(frame: PageFrame): string {
  return `<!doctype html>${renderToString(<PageDocument {...frame} />)}`
}

function PageDocument({ title, children, signedInAs, width = 'narrow' }: PageFrame): JSX.Element {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {/* Paths carry invitation tokens. "no-referrer" would blank the Origin header of our own forms (Fetch §3.1). */}
        <meta name="referrer" content="same-origin" />
        <title>{`${singleLine(title)} · Gatehouse`}</title>
        <link rel="icon" href="/favicon.ico" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/gatehouse.css" />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <header class="top">
          <a class="brand" href="/">
            <Logo />
            Gatehouse
          </a>
          {signedInAs && (
            <p class="quiet small">
              Signed in as <bdi class="name">{signedInAs}</bdi>
            </p>
          )}
        </header>
        <main id="main" class={width}>
          {children}
        </main>
      </body>
    </html>
  )
}

function Logo(): JSX.Element {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={GATEHOUSE_OUTLINE} />
    </svg>
  )
}
