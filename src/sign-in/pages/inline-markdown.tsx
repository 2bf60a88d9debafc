import type { JSX } from 'preact'

const SPANS = /(\*\*[^*]+\*\*|\*[^*]+\*|`[^`]+`)/

/** One paragraph of the Markdown that our guides are written in: `**strong**`, `*emphasis*` and code; all else is text. */
export function InlineMarkdown({ text }: { text: string }): JSX.Element {
  return <>{text.split(SPANS).map(spanOf)}</>
}

function spanOf(span: string): JSX.Element | string {
  if (span.startsWith('**') && span.length > 4) return <strong>{span.slice(2, -2)}</strong>
  if (span.startsWith('*') && span.length > 2) return <em>{span.slice(1, -1)}</em>
  if (span.startsWith('`') && span.length > 2) return <code>{span.slice(1, -1)}</code>
  return span
}
