import type { JSX } from 'preact'
import { type AccountSectionsProps, Identities, Sessions } from './account-sections'
import { type AskableOrganization, AskableOrganizations } from './askable-organizations'
import { PostButton } from './form'
import { renderPage } from './layout'
import { localPath } from './local-path'
import { Badge, Moment, Name, Note } from './note'
import { Rows } from './rows'

export interface OwnOrganization {
  readonly name: string
  readonly slug: string
  readonly roleName: string
  readonly status: 'JOINED' | 'SUSPENDED'
  /** Path that makes it the active organization. */
  readonly openAction: string
  /** Set while the organization waits for its purge; `cancelAction` is null for those who may not cancel. */
  readonly deletion?: { readonly purgeAt: Date; readonly cancelAction: string | null } | null
}

export interface PendingInvitation {
  readonly organizationName: string
  readonly invitedByName: string
  readonly roleName: string
  /** The verified address that was invited. */
  readonly email: string
  readonly expiresAt: Date
  readonly acceptAction: string
  readonly declineAction: string
}

export interface HomePageProps extends AccountSectionsProps {
  readonly signedInAs: string
  readonly organizations: readonly OwnOrganization[]
  readonly invitations: readonly PendingInvitation[]
  /** None for most people: then nothing is said of it. */
  readonly askable: readonly AskableOrganization[]
  /** False hides the link: in an installation with one membership per person that has one. */
  readonly mayCreateOrganization: boolean
  /** Path of the API explorer, where there is one. */
  readonly explorerUrl?: string | null
  /** What the last action did, said once. */
  readonly notice?: string
}

/** `/` for a signed-in person: their organizations and their account. */
export function renderHomePage(props: HomePageProps): string {
  const { signedInAs, csrfToken, invitations, askable, explorerUrl, notice } = props
  return renderPage({
    title: 'Your account',
    signedInAs,
    width: 'wide',
    children: (
      <>
        <div class="bar">
          <h1>Your account</h1>
          <PostButton action="/logout" csrfToken={csrfToken} label="Sign out" slim />
        </div>
        {notice && <Note tone="good">{notice}</Note>}
        {invitations.length > 0 && <Invitations invitations={invitations} csrfToken={csrfToken} />}
        <Organizations {...props} />
        {askable.length > 0 && <AskableOrganizations askable={askable} csrfToken={csrfToken} />}
        <Identities {...props} />
        <Sessions {...props} />
        {explorerUrl && (
          <p>
            <a href={localPath(explorerUrl)}>API explorer</a>
          </p>
        )}
      </>
    ),
  })
}

/** `/` for everybody else. */
export function renderWelcomePage(): string {
  return renderPage({
    title: 'Welcome',
    children: (
      <section class="card">
        <div class="heading">
          <h1>Welcome</h1>
          <p class="quiet">
            Gatehouse keeps the organizations of this platform: who belongs to them, who may do what, and who was
            invited.
          </p>
        </div>
        <p class="actions">
          <a class="button primary" href="/login">
            Sign in
          </a>
        </p>
        <p class="quiet small">You have an invitation? Open the link in its mail.</p>
      </section>
    ),
  })
}

function Invitations({ invitations, csrfToken }: Pick<HomePageProps, 'invitations' | 'csrfToken'>): JSX.Element {
  return (
    <section class="card" aria-labelledby="invitations">
      <h2 id="invitations">Invitations</h2>
      <Rows empty="None is pending.">
        {invitations.map(
          ({ organizationName, invitedByName, roleName, email, expiresAt, acceptAction, declineAction }) => (
            <li key={acceptAction}>
              <div class="what">
                <Name>{organizationName}</Name>
                <span class="quiet small">
                  <bdi>{invitedByName}</bdi> invites {email} as {roleName}, until <Moment at={expiresAt} />
                </span>
              </div>
              <div class="actions">
                <PostButton
                  action={acceptAction}
                  csrfToken={csrfToken}
                  label="Accept"
                  about={`the invitation to ${organizationName}`}
                  look="primary"
                  slim
                />
                <PostButton
                  action={declineAction}
                  csrfToken={csrfToken}
                  label="Decline"
                  about={`the invitation to ${organizationName}`}
                  slim
                />
              </div>
            </li>
          ),
        )}
      </Rows>
    </section>
  )
}

function Organizations({ organizations, csrfToken, mayCreateOrganization }: HomePageProps): JSX.Element {
  return (
    <section class="card" aria-labelledby="organizations">
      <div class="bar">
        <h2 id="organizations">Your organizations</h2>
        {mayCreateOrganization && (
          <a class="button slim" href="/organizations/new">
            Create an organization
          </a>
        )}
      </div>
      <Rows empty="You belong to no organization yet.">
        {organizations.map((organization) => (
          <OrganizationRow key={organization.slug} organization={organization} csrfToken={csrfToken} />
        ))}
      </Rows>
    </section>
  )
}

function OrganizationRow({
  organization,
  csrfToken,
}: {
  organization: OwnOrganization
  csrfToken: string
}): JSX.Element {
  const { name, slug, roleName, status, deletion } = organization
  return (
    <li>
      <div class="what">
        <div class="title-line">
          <Name>{name}</Name>
          {status === 'SUSPENDED' && <Badge tone="bad">Suspended</Badge>}
          {status === 'JOINED' && !deletion && <Badge tone="good">Joined</Badge>}
          {deletion && <Badge tone="warn">Being deleted</Badge>}
        </div>
        <span class="quiet small">
          <code>{slug}</code> · {roleName}
        </span>
        {deletion && (
          <span class="small">
            Its data is erased on <Moment at={deletion.purgeAt} />.
          </span>
        )}
        {status === 'SUSPENDED' && <span class="small">An Admin of the organization can let you in again.</span>}
      </div>
      <OrganizationAction organization={organization} csrfToken={csrfToken} />
    </li>
  )
}

function OrganizationAction({
  organization: { name, status, openAction, deletion },
  csrfToken,
}: {
  organization: OwnOrganization
  csrfToken: string
}): JSX.Element | null {
  if (deletion) {
    if (!deletion.cancelAction) return null
    return (
      <PostButton
        action={deletion.cancelAction}
        csrfToken={csrfToken}
        label="Cancel deletion"
        about={`of ${name}`}
        slim
      />
    )
  }
  if (status === 'SUSPENDED') return null
  return <PostButton action={openAction} csrfToken={csrfToken} label="Open" about={name} look="primary" slim />
}
