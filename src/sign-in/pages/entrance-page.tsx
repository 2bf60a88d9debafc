import { Field, PostForm } from './form'
import { renderPage } from './layout'
import { localPath } from './local-path'

export interface EntrancePageProps {
  readonly signedInAs: string
  readonly csrfToken: string
  readonly organizationName: string
  readonly slug: string
  /** Ways to sign in through the company; `linkUrl` ties one to the own membership. */
  readonly connections: readonly { readonly name: string; readonly linkUrl: string }[]
  /** Whether the person may have recovery codes. */
  readonly takesCodes: boolean
  readonly error?: string
}

/** `/organizations/{slug}/enter`: links the sign-in through the company, or takes a recovery code. */
export function renderEntrancePage(props: EntrancePageProps): string {
  const { signedInAs, csrfToken, organizationName, slug, connections, takesCodes, error } = props
  return renderPage({
    title: error ? `Error: enter ${organizationName}` : `Enter ${organizationName}`,
    signedInAs,
    children: (
      <>
        <section class="card" aria-labelledby="link">
          <h1 id="link">
            Enter <bdi>{organizationName}</bdi>
          </h1>
          <p>
            Members sign in through the company. Link that sign-in to your membership once, and your role and projects
            stay yours.
          </p>
          {connections.length === 0 && <p class="quiet">No way to sign in is in use right now; ask an Admin.</p>}
          <div class="stack">
            {connections.map(({ name, linkUrl }) => (
              <a key={linkUrl} class="button primary" href={localPath(linkUrl)}>
                Link {name}
              </a>
            ))}
          </div>
          <p class="quiet small">
            Linked already? <a href={`/login/${encodeURIComponent(slug)}`}>Sign in through the company</a>.
          </p>
        </section>
        {takesCodes && (
          <section class="card" aria-labelledby="code">
            <h2 id="code">Use a recovery code</h2>
            <p class="quiet">
              For Admins while the company’s sign-in does not work. Each code works once and opens the organization for
              an hour; all Admins are told.
            </p>
            <PostForm action={`/organizations/${encodeURIComponent(slug)}/enter`} csrfToken={csrfToken} class="form">
              <Field
                label="Recovery code"
                name="recoveryCode"
                errors={error ? [error] : []}
                control={(tied) => (
                  <input
                    type="text"
                    {...tied}
                    required
                    autocomplete="one-time-code"
                    autocapitalize="characters"
                    spellcheck={false}
                  />
                )}
              />
              <div class="actions">
                <button type="submit" class="button">
                  Enter
                </button>
              </div>
            </PostForm>
          </section>
        )}
      </>
    ),
  })
}
