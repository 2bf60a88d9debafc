import type { ComponentChildren, JSX } from 'preact'
import { localPath } from './local-path'

/** One refused value, as the use cases report it: where in the input, and what is wrong with it. */
export interface FieldError {
  readonly path: readonly string[]
  readonly message: string
}

export interface PostFormProps {
  /** A path of this origin. */
  readonly action: string
  readonly csrfToken: string
  /** Further hidden fields by name. */
  readonly hidden?: Readonly<Record<string, string>>
  readonly class?: string
  readonly children: ComponentChildren
}

/** A form that posts to this origin, with the token against forged requests. */
export function PostForm({ action, csrfToken, hidden = {}, class: className, children }: PostFormProps): JSX.Element {
  return (
    <form method="post" action={localPath(action)} class={className}>
      <input type="hidden" name="csrfToken" value={csrfToken} />
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  )
}

export interface PostButtonProps extends Omit<PostFormProps, 'class' | 'children'> {
  readonly label: string
  /** What the button acts on, read aloud after the label where several buttons look alike. */
  readonly about?: string
  readonly look?: 'primary' | 'danger' | 'plain'
  readonly slim?: boolean
}

/** A form that is only a button. */
export function PostButton({ label, about, look = 'plain', slim = false, ...form }: PostButtonProps): JSX.Element {
  return (
    <PostForm {...form}>
      <button type="submit" class={`button ${look}${slim ? ' slim' : ''}`}>
        {label}
        {about && <span class="unseen"> {about}</span>}
      </button>
    </PostForm>
  )
}

export interface FieldProps {
  readonly label: string
  /** Also the id: unique on the page. */
  readonly name: string
  readonly hint?: string
  readonly errors?: readonly string[]
  readonly control: (described: ControlAttributes) => JSX.Element
}

/** What ties a control to its label, its hint and its errors. */
export interface ControlAttributes {
  readonly id: string
  readonly name: string
  readonly 'aria-describedby'?: string
  readonly 'aria-invalid'?: 'true'
}

/** A labelled control with its hint and what is wrong with its value. */
export function Field({ label, name, hint, errors = [], control }: FieldProps): JSX.Element {
  const hintId = hint ? `${name}-hint` : undefined
  const errorId = errors.length > 0 ? `${name}-error` : undefined
  const described = [errorId, hintId].filter((id) => id !== undefined).join(' ')
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {control({
        id: name,
        name,
        ...(described && { 'aria-describedby': described }),
        ...(errorId && { 'aria-invalid': 'true' as const }),
      })}
      {errorId && (
        <p class="problem" id={errorId}>
          {errors.join(' ')}
        </p>
      )}
      {hintId && (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  )
}

/** The messages about each of the named fields, by the first name found in a path; about none of them: `other`. */
export function errorsByField<Name extends string>(
  errors: readonly FieldError[],
  names: readonly Name[],
): Record<Name | 'other', readonly string[]> {
  const messagesFor = (name: Name | undefined): string[] =>
    errors.filter(({ path }) => names.find((known) => path.includes(known)) === name).map(({ message }) => message)
  return Object.fromEntries([
    ...names.map((name) => [name, messagesFor(name)]),
    ['other', messagesFor(undefined)],
  ]) as Record<Name | 'other', readonly string[]>
}
