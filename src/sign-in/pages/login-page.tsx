import type { JSX } from 'preact'
import { Field, PostForm } from './form'
import { renderPage } from './layout'
import { localPath, withReturnTo } from './local-path'
import { Note } from './note'

export interface LoginMethod {
  readonly kind: 'GOOGLE' | 'GITHUB' | 'LOCAL'
  /** The name of the provider, as in "Continue with …". */
  readonly label: string
  /** Path that starts the sign-in; `returnTo` is added to its query. */
  readonly startUrl: string
}

export interface LoginPageProps {
  readonly methods: readonly LoginMethod[]
  /** Where an address is typed: for a code by mail, or for finding the company's sign-in. Null for no such form. */
  readonly byEmail: {
    readonly action: string
    readonly hidden?: Readonly<Record<string, string>>
    readonly sendsCodes: boolean
  } | null
  /** Path to go on to after signing in; anything that leaves this origin counts as `/`. */
  readonly returnTo: string
  readonly csrfToken: string
  readonly error?: string
  /** Why to sign in, as the end of a sentence: "to accept the invitation from Acme". */
  readonly hint?: string
  /** Prefills the address. */
  readonly email?: string
}

/** `/login`: every way in that this installation offers. */
export function renderLoginPage(props: LoginPageProps): string {
  const { methods, byEmail, returnTo, error, hint } = props
  const isPossible = methods.length > 0 || byEmail !== null
  return renderPage({
    title: 'Sign in',
    children: (
      <section class="card">
        <div class="heading">
          <h1>Sign in</h1>
          {hint && <p class="quiet">Sign in {hint}.</p>}
          {!hint && isPossible && <p class="quiet">Choose how. A new account is made if you have none.</p>}
        </div>
        {error && <Note tone="bad">{error}</Note>}
        {methods.length > 0 && <Methods methods={methods} returnTo={returnTo} />}
        {methods.length > 0 && byEmail && <p class="or">or</p>}
        {byEmail && <EmailForm {...props} byEmail={byEmail} />}
        {!isPossible && (
          <Note tone="warn">
            Nobody can sign in yet: the operator of this installation has to set up a way to sign in.
          </Note>
        )}
      </section>
    ),
  })
}

function Methods({ methods, returnTo }: Pick<LoginPageProps, 'methods' | 'returnTo'>): JSX.Element {
  return (
    <div class="stack">
      {methods.map(({ kind, label, startUrl }) => (
        <a key={kind} class="button" href={withReturnTo(startUrl, returnTo)}>
          Continue with {label}
        </a>
      ))}
    </div>
  )
}

interface EmailFormProps extends LoginPageProps {
  readonly byEmail: NonNullable<LoginPageProps['byEmail']>
}

function EmailForm({ byEmail, csrfToken, returnTo, email }: EmailFormProps): JSX.Element {
  const hidden = { ...byEmail.hidden, returnTo: localPath(returnTo) }
  return (
    <PostForm action={byEmail.action} csrfToken={csrfToken} hidden={hidden} class="form">
      <Field
        label="E-mail address"
        name="email"
        hint={
          byEmail.sendsCodes
            ? 'We lead you to your company’s sign-in, or send a code to this address. No password is needed.'
            : 'We lead you to your company’s sign-in.'
        }
        control={(tied) => (
          <input {...tied} type="email" value={email ?? ''} autocomplete="email" required maxLength={254} />
        )}
      />
      <button type="submit" class="button primary">
        Continue
      </button>
    </PostForm>
  )
}
