import { renderPage } from './layout'
import { localPath } from './local-path'
import { Name } from './note'

export interface AddressInUsePageProps {
  readonly email: string
  /** How the account with that address signs in. */
  readonly otherMethods: readonly string[]
  readonly loginUrl: string
  /** Path that begins the same sign-in again, for an account of its own. */
  readonly separateUrl: string
}

/** Somebody unknown was proven, whose verified address another account has: nothing is joined or made unasked. */
export function renderAddressInUsePage(props: AddressInUsePageProps): string {
  const { email, otherMethods, loginUrl, separateUrl } = props
  return renderPage({
    title: 'You may have an account already',
    children: (
      <section class="card">
        <h1>You may have an account already</h1>
        <p>
          An account with the address <Name>{email}</Name> signs in by {otherMethods.join(' or ')}. Accounts are never
          joined because of an address alone.
        </p>
        <p>If it is yours, sign in that way and then link this sign-in on your account page.</p>
        <div class="actions">
          <a class="button primary" href={localPath(loginUrl)}>
            Sign in by {otherMethods.join(' or ')}
          </a>
          <a class="button" href={localPath(separateUrl)}>
            Make a separate account
          </a>
        </div>
      </section>
    ),
  })
}
