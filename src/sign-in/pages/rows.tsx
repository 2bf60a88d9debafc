import type { JSX } from 'preact'

export interface RowsProps {
  /** `<li>` elements. */
  readonly children: readonly JSX.Element[]
  /** Said instead of an empty list. */
  readonly empty: string
  /** Names the list and sets it apart from what stands around it. */
  readonly label?: string
}

/** A list with one line per thing, or the words for having none. */
export function Rows({ children, empty, label }: RowsProps): JSX.Element {
  if (children.length === 0) return <p class="quiet">{empty}</p>
  return (
    <ul class={label ? 'rows boxed' : 'rows'} aria-label={label}>
      {children}
    </ul>
  )
}
