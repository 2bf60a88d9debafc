import { renderPage } from './layout'

export interface SignedOutPageProps {
  readonly providerName: string
  /** Of the company's provider; https, or this machine in development. */
  readonly providerSignOutUrl: string
}

/** After a sign-out: the company's provider still knows the browser, and the next sign-in would ask nothing. */
export function renderSignedOutPage({ providerName, providerSignOutUrl }: SignedOutPageProps): string {
  return renderPage({
    title: 'You are signed out',
    children: (
      <section class="card">
        <h1>You are signed out</h1>
        <p>
          {providerName} still knows this browser: whoever uses it next can come in without a password. On a shared
          computer, sign out there too.
        </p>
        <p class="actions">
          <a class="button primary" href={providerSignOutUrl} rel="noreferrer">
            Sign out at {providerName}
          </a>
          <a class="button" href="/login">
            Sign in again
          </a>
        </p>
      </section>
    ),
  })
}
