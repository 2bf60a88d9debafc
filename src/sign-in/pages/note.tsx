import type { ComponentChildren, JSX } from 'preact'
import { utcText } from '../../kernel/utc-text'

export type Tone = 'good' | 'warn' | 'bad' | 'plain'

/** A coloured paragraph; a bad one is announced as soon as the page is read. */
export function Note({ tone, children }: { tone: Tone; children: ComponentChildren }): JSX.Element {
  return (
    <p class={`note ${tone}`} role={tone === 'bad' ? 'alert' : undefined}>
      {children}
    </p>
  )
}

/** A state in a word or two. */
export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }): JSX.Element {
  return <span class={`badge ${tone}`}>{children}</span>
}

/** Words that somebody else chose, set apart so that their reading direction does not reach ours. */
export function Name({ children }: { children: string }): JSX.Element {
  return <bdi class="name">{children}</bdi>
}

/** A moment, in UTC. */
export function Moment({ at }: { at: Date }): JSX.Element {
  return <time dateTime={at.toISOString()}>{utcText(at)}</time>
}
