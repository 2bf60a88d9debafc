import { createHash } from 'node:crypto'
import type { ComponentChildren, JSX } from 'preact'
import { renderToString } from 'preact-render-to-string'

const style = `
:root { color-scheme: light dark; --ground: #f3f4f7; --card: #fff; --text: #1b1f27; --quiet: #565e6c; --line: #c9ced8;
  --hover: #eef2ff; --accent: #3446c8; --on-accent: #fff; --error: #b3141d; --banner: #fff3d1; --on-banner: #5c4300 }
@media (prefers-color-scheme: dark) {
  :root { --ground: #12141a; --card: #1c1f27; --text: #e9ebf0; --quiet: #a5adbb; --line: #3d4452; --hover: #272c3d;
    --accent: #a9b5ff; --on-accent: #141938; --error: #ff9a95; --banner: #3a2f10; --on-banner: #ffe09a }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; padding: 2.5rem 1rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 30rem; margin: 0 auto; padding: 2rem; background: var(--card); border: 1px solid var(--line);
  border-radius: .75rem; overflow-wrap: anywhere }
h1 { margin: 1rem 0 .25rem; font-size: 1.5rem; line-height: 1.25 }
h2 { margin: 2rem 0 .75rem; font-size: 1rem }
p { margin: 0 0 1rem }
main.wide { max-width: 46rem }
a { color: var(--accent) }
ul { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: minmax(0, 1fr); gap: .5rem }
button { font: inherit; cursor: pointer; border-radius: .5rem; padding: .65rem 1rem }
.banner { display: inline-block; margin: 0; padding: .1rem .6rem; border-radius: 1rem; background: var(--banner);
  color: var(--on-banner); font-size: .875rem; font-weight: 600 }
.quiet { color: var(--quiet) }
.person { display: block; width: 100%; text-align: start; color: inherit; background: none; border: 1px solid var(--line);
  border-radius: .5rem; padding: .65rem 1rem; text-decoration: none }
.person:hover { background: var(--hover) }
.person[aria-describedby] { border: 2px solid var(--accent) }
.person b { font-weight: 600 }
.person span { display: block; font-size: .875rem }
.suggested { margin: .25rem 0 0; font-size: .875rem }
fieldset { margin: 1.5rem 0 0; padding: 0; border: 0 }
dl { margin: 0; display: grid; gap: .5rem }
dl div { display: grid; grid-template-columns: 8rem 1fr; gap: .5rem }
dt { color: var(--quiet) }
dd { margin: 0 }
code { font: .9em/1.5 ui-monospace, Menlo, Consolas, monospace }
.below { margin: 1rem 0 0 }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
.line select { margin: 0 }
.line { display: grid; grid-template-columns: 1fr auto; gap: .5rem; align-items: center }
.line h2 { grid-column: 1 / -1; margin-bottom: 0 }
.rows { gap: 0 }
.rows > li { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; justify-content: space-between;
  padding: .6rem 0; border-top: 1px solid var(--line) }
.rows p { margin: 0; flex: 1 1 16rem; min-width: 0 }
.rows form { display: flex; gap: .5rem }
.rows button, .line button { color: inherit; background: none; border: 1px solid var(--quiet) }
.rows button { padding: .3rem .75rem }
label { display: block; margin: .75rem 0; font-weight: 600 }
input, select { display: block; width: 100%; margin-top: .25rem; padding: .6rem .75rem; font: inherit;
  font-weight: 400; color: inherit;
  background: var(--ground); border: 1px solid var(--quiet); border-radius: .5rem }
@media (max-width: 32rem) { dl div { grid-template-columns: 1fr; gap: 0 } }
input[aria-invalid] { border-color: var(--error) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.submit { width: 100%; margin-top: .5rem; background: var(--accent); color: var(--on-accent); border: 1px solid var(--accent);
  font-weight: 600 }
.error { color: var(--error); font-weight: 600 }
progress { display: block; width: 100%; height: .75rem; margin-top: .25rem; accent-color: var(--accent) }
.whole { grid-column: 1 / -1; margin: 0 }
.rows .changes { flex: 1 1 100%; display: grid; grid-template-columns: auto 1fr auto 1fr auto }
.changes input, .changes select { margin: 0; padding: .3rem .5rem; min-width: 0 }
details { flex: 1 1 100%; min-width: 0 }
summary { cursor: pointer }
pre { margin: .5rem 0 0; padding: .75rem; overflow: auto; max-height: 20rem; background: var(--ground); border-radius: .5rem;
  font: .8125rem/1.5 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: normal }
@media (max-width: 40rem) { .rows .changes { grid-template-columns: 1fr auto } .changes > button:first-of-type { grid-column: 1 / -1 } }
`

/** The one script that runs: it posts the only form of its page. */
export const postAtOnce = 'document.forms[0].submit()'

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/**
 * What every page is served with: nothing but its own style sheet and the one script may load. There is no `form-action`, because Chromium
 * applies it to the redirects after the form as well and the client may send the browser on to any address.
 */
export const pageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(postAtOnce)}; base-uri 'none'; frame-ancestors 'none'`,
  'X-Content-Type-Options': 'nosniff',
}

/** How a page differs from others. */
export type DocumentOptions = {
  width?: 'wide'
  /** Loads the page anew after that time: for what goes on behind it */
  refreshSeconds?: number
}

/** Renders a whole HTML document around the content of a page. */
export function renderDocument(title: string, content: ComponentChildren, options: DocumentOptions = {}): string {
  return `<!doctype html>${renderToString(<Document {...{ title, ...options }}>{content}</Document>)}`
}

type DocumentProps = DocumentOptions & { title: string; children: ComponentChildren }

function Document({ title, width, refreshSeconds, children }: DocumentProps): JSX.Element {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        {refreshSeconds && <meta http-equiv="refresh" content={String(refreshSeconds)} />}
        <title>{title}</title>
        {/* Raw, because an escaped style sheet would not match its hash. */}
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <main class={width}>
          <p class="banner">Development only</p>
          {children}
        </main>
      </body>
    </html>
  )
}
