import type { JSX } from 'preact'
import { PostButton } from './form'
import { type ClosedState, closedInvitations } from './invitation-closed'
import { renderPage } from './layout'
import { withReturnTo } from './local-path'
import { Moment, Name, Note } from './note'

/** A pending invitation, as far as the holder of its link may read it. */
export interface InvitationLetter {
  readonly token: string
  readonly organizationName: string
  readonly invitedByName: string
  /** The invited address. */
  readonly email: string
  readonly roleName: string
  /** Projects granted in advance, beside the default one. */
  readonly projectNames: readonly string[]
  readonly message?: string | null
  readonly expiresAt: Date
}

export type InvitationPageProps =
  /** Signed in with an identity whose verified address was invited. */
  | {
      readonly state: 'ready'
      readonly letter: InvitationLetter
      readonly signedInAs: string
      readonly csrfToken: string
      readonly error?: string
    }
  | { readonly state: 'signed-out'; readonly letter: InvitationLetter }
  | {
      readonly state: 'wrong-account'
      readonly letter: InvitationLetter
      readonly signedInAs: string
      readonly csrfToken: string
    }
  | { readonly state: 'already-member'; readonly letter: InvitationLetter; readonly signedInAs: string }
  /** The installation allows one organization per person, and this person is in another one. */
  | {
      readonly state: 'other-organization'
      readonly letter: InvitationLetter
      readonly signedInAs: string
      readonly csrfToken: string
      readonly otherOrganizationName: string
    }
  | {
      readonly state: ClosedState
      /** Null when the token is unknown. */
      readonly organizationName: string | null
      readonly signedInAs: string | null
    }

type Of<State extends InvitationPageProps['state']> = Extract<InvitationPageProps, { state: State }>

/** `/invitations/{token}`: what the link means for the person who opened it. Opening changes nothing. */
export function renderInvitationPage(props: InvitationPageProps): string {
  const signedInAs = props.state === 'signed-out' ? null : props.signedInAs
  const title = 'letter' in props ? `Invitation to ${props.letter.organizationName}` : 'Invitation'
  return renderPage({ title, signedInAs, children: <section class="card">{contents(props)}</section> })
}

function contents(props: InvitationPageProps): JSX.Element {
  switch (props.state) {
    case 'ready':
      return <Ready {...props} />
    case 'signed-out':
      return <SignedOut {...props} />
    case 'wrong-account':
      return <WrongAccount {...props} />
    case 'already-member':
      return <AlreadyMember {...props} />
    case 'other-organization':
      return <OtherOrganization {...props} />
    default:
      return <Closed {...props} />
  }
}

function Ready({ letter, csrfToken, error }: Of<'ready'>): JSX.Element {
  const path = invitationPath(letter)
  return (
    <>
      <Heading letter={letter} />
      {error && <Note tone="bad">{error}</Note>}
      <Facts letter={letter} />
      <div class="actions">
        <PostButton
          action={`${path}/accept`}
          csrfToken={csrfToken}
          label="Accept"
          about="the invitation"
          look="primary"
        />
        <PostButton action={`${path}/decline`} csrfToken={csrfToken} label="Decline" about="the invitation" />
      </div>
    </>
  )
}

function SignedOut({ letter }: Of<'signed-out'>): JSX.Element {
  return (
    <>
      <Heading letter={letter} />
      <Facts letter={letter} />
      <Note tone="plain">
        The invitation is for <Name>{letter.email}</Name>. Sign in with that address to accept; an account is made if
        you have none.
      </Note>
      <p class="actions">
        <a class="button primary" href={withReturnTo('/login', invitationPath(letter))}>
          Sign in to accept
        </a>
      </p>
    </>
  )
}

function WrongAccount({ letter, signedInAs, csrfToken }: Of<'wrong-account'>): JSX.Element {
  return (
    <>
      <Heading letter={letter} />
      <Note tone="warn">
        You are signed in as <Name>{signedInAs}</Name>, but the invitation is for <Name>{letter.email}</Name>.
      </Note>
      <p>
        Switch to the account with the invited address. If you no longer use it, ask <Name>{letter.invitedByName}</Name>{' '}
        to invite the address that you use.
      </p>
      <SwitchAccount letter={letter} csrfToken={csrfToken} look="primary" />
    </>
  )
}

function AlreadyMember({ letter }: Of<'already-member'>): JSX.Element {
  return (
    <>
      <h1>You are already a member</h1>
      <p>
        You belong to <Name>{letter.organizationName}</Name>, so there is nothing to accept.
      </p>
      <HomeLink />
    </>
  )
}

function OtherOrganization({ letter, otherOrganizationName, csrfToken }: Of<'other-organization'>): JSX.Element {
  return (
    <>
      <Heading letter={letter} />
      <Note tone="warn">
        You belong to <Name>{otherOrganizationName}</Name>, and here a person can be in one organization only.
      </Note>
      <p>
        To accept, first leave <Name>{otherOrganizationName}</Name> and open this link again. Or ask{' '}
        <Name>{letter.invitedByName}</Name> to invite another address of yours, which becomes a separate account.
      </p>
      <p class="quiet small">
        The invitation stays valid until <Moment at={letter.expiresAt} />.
      </p>
      <div class="actions">
        <HomeLink />
        <SwitchAccount letter={letter} csrfToken={csrfToken} look="plain" />
      </div>
    </>
  )
}

function Closed({ state, organizationName, signedInAs }: Of<ClosedState>): JSX.Element {
  const { title, whatHappened, whatNext } = closedInvitations[state](organizationName)
  return (
    <>
      <h1>{title}</h1>
      <p>{whatHappened}</p>
      <p>{whatNext}</p>
      {signedInAs ? <HomeLink /> : <SignInLink />}
    </>
  )
}

function Heading({ letter }: { letter: InvitationLetter }): JSX.Element {
  return (
    <div class="heading">
      <h1>
        Join <bdi>{letter.organizationName}</bdi>
      </h1>
      <p class="quiet">
        <Name>{letter.invitedByName}</Name> invites you.
      </p>
    </div>
  )
}

function Facts({ letter }: { letter: InvitationLetter }): JSX.Element {
  const { email, roleName, projectNames, message, expiresAt } = letter
  return (
    <>
      {message && <blockquote class="quote">{message}</blockquote>}
      <dl class="facts">
        <dt>Invited address</dt>
        <dd>{email}</dd>
        <dt>Role</dt>
        <dd>{roleName}</dd>
        <dt>Projects</dt>
        <dd>{projectNames.length > 0 ? projectNames.join(', ') : 'The default project'}</dd>
        <dt>Valid until</dt>
        <dd>
          <Moment at={expiresAt} />
        </dd>
      </dl>
    </>
  )
}

interface SwitchAccountProps {
  readonly letter: InvitationLetter
  readonly csrfToken: string
  readonly look: 'primary' | 'plain'
}

function SwitchAccount({ letter, csrfToken, look }: SwitchAccountProps): JSX.Element {
  const returnTo = withReturnTo('/login', invitationPath(letter))
  return <PostButton action="/logout" csrfToken={csrfToken} hidden={{ returnTo }} label="Switch account" look={look} />
}

function HomeLink(): JSX.Element {
  return (
    <p class="actions">
      <a class="button primary" href="/">
        Go to your organizations
      </a>
    </p>
  )
}

function SignInLink(): JSX.Element {
  return (
    <p class="actions">
      <a class="button" href="/login">
        Sign in
      </a>
    </p>
  )
}

const invitationPath = ({ token }: InvitationLetter): string => `/invitations/${encodeURIComponent(token)}`
