import type { JSX } from 'preact'
import { renderPage } from './layout'
import { localPath } from './local-path'
import { Name, Note } from './note'

export interface OwnSignInPageProps {
  readonly signedInAs: string
  /** Of the member, as the company says. */
  readonly email: string
  readonly organizationName: string
  readonly organizationUrl: string
  /** Through which the person has come. */
  readonly connectionName: string
  readonly hasOwn: boolean
  /** Path to the company's sign-in, when it was too long ago; null when it was a moment ago. */
  readonly proveUrl: string | null
  readonly ways: readonly { readonly label: string; readonly startUrl: string }[]
}

/** `/organizations/{slug}/own-sign-in`: what a way to sign in of one's own is for, and how to get one. */
export function renderOwnSignInPage(props: OwnSignInPageProps): string {
  const { signedInAs, organizationName, organizationUrl, hasOwn, proveUrl } = props
  return renderPage({
    title: 'A way to sign in of your own',
    signedInAs,
    children: (
      <section class="card">
        <div class="heading">
          <p>
            <a href={localPath(organizationUrl)}>
              <bdi>{organizationName}</bdi>
            </a>
          </p>
          <h1>A way to sign in of your own</h1>
        </div>
        {hasOwn ? (
          <Connected {...props} />
        ) : proveUrl ? (
          <ProveAgain {...props} proveUrl={proveUrl} />
        ) : (
          <Ways {...props} />
        )}
      </section>
    ),
  })
}

function Connected({ organizationName }: OwnSignInPageProps): JSX.Element {
  return (
    <>
      <Note tone="good">You have one.</Note>
      <p>
        While members of <Name>{organizationName}</Name> come through the company, so do you. If that ever changes, your
        own way lets you in.
      </p>
      <p class="quiet small">
        Which one it is, only your account shows: sign out, and sign in with it. There you can add others.
      </p>
    </>
  )
}

function ProveAgain({
  organizationName,
  connectionName,
  proveUrl,
}: OwnSignInPageProps & { proveUrl: string }): JSX.Element {
  return (
    <>
      <Purpose organizationName={organizationName} />
      <p>First show that it is you: your sign-in through the company was more than 15 minutes ago.</p>
      <p class="actions">
        <a class="button primary" href={localPath(proveUrl)}>
          Sign in with {connectionName} again
        </a>
      </p>
      <p class="quiet small">
        If you come back here each time, sign out at your company first, so that it asks you anew.
      </p>
    </>
  )
}

function Ways({ organizationName, email, connectionName, ways }: OwnSignInPageProps): JSX.Element {
  return (
    <>
      <Purpose organizationName={organizationName} />
      <p>
        You have signed in with {connectionName} as <Name>{email}</Name>. Whoever signs in by what you connect now is
        you: choose one that is yours alone, and that you keep when you leave the company.
      </p>
      {ways.length === 0 && <Note tone="warn">This installation offers none yet; ask whoever runs it.</Note>}
      <div class="stack">
        {ways.map(({ label, startUrl }) => (
          <a key={startUrl} class="button" href={localPath(startUrl)}>
            Connect {label}
          </a>
        ))}
      </div>
    </>
  )
}

function Purpose({ organizationName }: Pick<OwnSignInPageProps, 'organizationName'>): JSX.Element {
  return (
    <p class="quiet">
      You come to <Name>{organizationName}</Name> through your company. If its members ever come by invitation instead,
      you need another way to sign in, or you are locked out.
    </p>
  )
}
