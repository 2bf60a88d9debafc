import { renderPage } from './layout'
import { withReturnTo } from './local-path'

export interface CompanyPageProps {
  /** "Sign in to Acme" */
  readonly title: string
  readonly ways: readonly { readonly label: string; readonly startUrl: string }[]
  /** Path to go on to after signing in. */
  readonly returnTo: string
  /** Where accounts that have nothing to do with the company sign in; null where that is not what was asked. */
  readonly otherUrl: string | null
}

/** The ways in of an organization whose members sign in through their company. */
export function renderCompanyPage({ title, ways, returnTo, otherUrl }: CompanyPageProps): string {
  return renderPage({
    title,
    children: (
      <section class="card">
        <div class="heading">
          <h1>
            <bdi>{title}</bdi>
          </h1>
          <p class="quiet">
            {ways.length > 0
              ? 'Your company’s sign-in confirms who you are.'
              : 'No way to sign in is in use right now; ask an Admin of the organization.'}
          </p>
        </div>
        <div class="stack">
          {ways.map(({ label, startUrl }) => (
            <a key={startUrl} class="button primary" href={withReturnTo(startUrl, returnTo)}>
              Continue with {label}
            </a>
          ))}
        </div>
        {otherUrl && (
          <p class="quiet small">
            <a href={withReturnTo(otherUrl, returnTo)}>Have a code sent instead</a>, for an account of your own.
          </p>
        )}
      </section>
    ),
  })
}
