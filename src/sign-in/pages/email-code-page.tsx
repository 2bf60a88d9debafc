import { Field, PostButton, PostForm } from './form'
import { renderPage } from './layout'
import { localPath, withReturnTo } from './local-path'
import { Name } from './note'

export interface EmailCodePageProps {
  readonly email: string
  /** How long a code is valid. */
  readonly minutes: number
  readonly returnTo: string
  readonly csrfToken: string
  /** Further hidden fields of its forms. */
  readonly hidden?: Readonly<Record<string, string>>
  readonly error?: string
}

/** `/login/email`: asks for the six digits that were mailed. The page says the same whether or not the address is known. */
export function renderEmailCodePage(props: EmailCodePageProps): string {
  const { email, minutes, returnTo, csrfToken, hidden, error } = props
  const form = { csrfToken, hidden: { ...hidden, email, returnTo: localPath(returnTo) } }
  return renderPage({
    title: error ? 'Error: enter the code' : 'Enter the code',
    children: (
      <section class="card">
        <div class="heading">
          <h1>Enter the code</h1>
          <p class="quiet">
            We sent a 6-digit code to <Name>{email}</Name>. It is valid for {minutes} minutes.
          </p>
        </div>
        <PostForm {...form} action="/login/email/verify" class="form">
          <Field
            label="Code"
            name="code"
            errors={error ? [error] : []}
            control={(tied) => (
              <input
                {...tied}
                class="code-input"
                type="text"
                inputMode="numeric"
                autocomplete="one-time-code"
                pattern="\s*[0-9]{3}\s?[0-9]{3}\s*"
                title="6 digits"
                required
                autofocus
              />
            )}
          />
          <button type="submit" class="button primary">
            Sign in
          </button>
        </PostForm>
        <div class="heading">
          <p class="quiet small">
            No mail? Look into the spam folder, or have a new code sent. Only the newest code works.
          </p>
          <div class="actions">
            <PostButton {...form} action="/login/email" label="Send a new code" slim />
            <a href={withReturnTo('/login', returnTo)}>Sign in another way</a>
          </div>
        </div>
      </section>
    ),
  })
}
