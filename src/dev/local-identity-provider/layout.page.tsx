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
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem }
button { font: inherit; cursor: pointer; border-radius: .5rem; padding: .65rem 1rem }
.banner { display: inline-block; margin: 0; padding: .1rem .6rem; border-radius: 1rem; background: var(--banner);
  color: var(--on-banner); font-size: .875rem; font-weight: 600 }
.quiet { color: var(--quiet) }
.person { width: 100%; text-align: start; color: inherit; background: none; border: 1px solid var(--line) }
.person:hover { background: var(--hover) }
.person[aria-describedby] { border: 2px solid var(--accent) }
.person b { font-weight: 600 }
.suggested { margin: .25rem 0 0; font-size: .875rem }
label { display: block; margin: .75rem 0; font-weight: 600 }
input { display: block; width: 100%; margin-top: .25rem; padding: .6rem .75rem; font: inherit; color: inherit;
  background: var(--ground); border: 1px solid var(--quiet); border-radius: .5rem }
input[aria-invalid] { border-color: var(--error) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.submit { width: 100%; margin-top: .5rem; background: var(--accent); color: var(--on-accent); border: 1px solid var(--accent);
  font-weight: 600 }
.error { color: var(--error); font-weight: 600 }
`

const styleHash = createHash('sha256').update(style).digest('base64')

/**
 * What every page is served with: nothing but its own style sheet may load. There is no `form-action`, because Chromium
 * applies it to the redirects after the form as well and the client may send the browser on to any address.
 */
export const pageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; frame-ancestors 'none'`,
  'X-Content-Type-Options': 'nosniff',
}

/** Renders a whole HTML document around the content of a page. */
export function renderDocument(title: string, content: ComponentChildren): string {
  return `<!doctype html>${renderToString(<Document title={title}>{content}</Document>)}`
}

function Document({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        {/* Raw, because an escaped style sheet would not match its hash. */}
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <main>
          <p class="banner">Development only</p>
          {children}
        </main>
      </body>
    </html>
  )
}
