import type { JSX } from 'preact'
import { errorsByField, Field, type FieldError, PostButton, PostForm } from './form'
import { AddressesField, type InviteOutcome, InviteOutcomes } from './invite-form'
import { renderPage } from './layout'
import { localPath } from './local-path'
import { Badge, Note, type Tone } from './note'
import { Rows } from './rows'

const STATUSES = {
  INVITED: { label: 'Invited', tone: 'warn' },
  JOINED: { label: 'Joined', tone: 'good' },
  SUSPENDED: { label: 'Suspended', tone: 'bad' },
} as const satisfies Record<string, { label: string; tone: Tone }>

export interface MemberRow {
  /** Null until the person has an account. */
  readonly name: string | null
  readonly email: string
  readonly roleName: string
  readonly status: keyof typeof STATUSES
}

export interface InviteFormProps {
  readonly csrfToken: string
  /** Roles that the person may give, the usual one first. */
  readonly roles: readonly { readonly id: string; readonly name: string }[]
  readonly values?: { readonly addresses: string; readonly roleId: string }
  readonly errors?: readonly FieldError[]
  /** Of the list just posted. */
  readonly outcomes?: readonly InviteOutcome[]
}

export interface OrganizationPageProps {
  readonly signedInAs: string
  readonly name: string
  readonly slug: string
  /** The role of the person who looks. */
  readonly roleName: string
  readonly membersCount: number
  /** The first 25. */
  readonly members: readonly MemberRow[]
  /** Null for those who may not invite. */
  readonly invite: InviteFormProps | null
  /** For people without an account page, who sign out here; null for everybody else. */
  readonly signOut: { readonly csrfToken: string; readonly ownSignInUrl: string } | null
}

/** `/organizations/{slug}`: who is in the organization, and a form to invite more. */
export function renderOrganizationPage(props: OrganizationPageProps): string {
  const { signedInAs, name, slug, roleName, membersCount, members, invite, signOut } = props
  return renderPage({
    title: name,
    signedInAs,
    width: 'wide',
    children: (
      <>
        <div class="heading">
          {!signOut && (
            <p>
              <a href="/">All organizations</a>
            </p>
          )}
          <h1>
            <bdi>{name}</bdi>
          </h1>
          <p class="quiet">
            <code>{slug}</code> · your role is {roleName} · {countOf(membersCount)}
          </p>
        </div>
        {invite && <Invite {...invite} slug={slug} />}
        <Members members={members} membersCount={membersCount} />
        {signOut && (
          <div class="actions">
            <PostButton action="/logout" csrfToken={signOut.csrfToken} label="Sign out" />
            <a href={localPath(signOut.ownSignInUrl)}>A way to sign in of your own</a>
          </div>
        )}
      </>
    ),
  })
}

function Invite({
  slug,
  csrfToken,
  roles,
  values,
  errors = [],
  outcomes,
}: InviteFormProps & { slug: string }): JSX.Element {
  const about = errorsByField(errors, ['addresses', 'roleId'])
  return (
    <section class="card" aria-labelledby="invite">
      <h2 id="invite">Invite people</h2>
      {about.other.length > 0 && <Note tone="bad">{about.other.join(' ')}</Note>}
      {outcomes && <InviteOutcomes outcomes={outcomes} />}
      <PostForm action={`/organizations/${encodeURIComponent(slug)}/invitations`} csrfToken={csrfToken} class="form">
        <AddressesField value={values?.addresses ?? ''} errors={about.addresses} />
        <Field
          label="Role"
          name="roleId"
          errors={about.roleId}
          control={(tied) => (
            <select {...tied} value={values?.roleId}>
              {roles.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        />
        <div class="actions">
          <button type="submit" class="button primary">
            Send invitations
          </button>
        </div>
      </PostForm>
    </section>
  )
}

function Members({ members, membersCount }: Pick<OrganizationPageProps, 'members' | 'membersCount'>): JSX.Element {
  return (
    <section class="card" aria-labelledby="members">
      <h2 id="members">Members</h2>
      <Rows empty="Nobody is in this organization.">
        {members.map(({ name, email, roleName, status }) => (
          <li key={email}>
            <div class="what">
              <bdi class="name">{name ?? email}</bdi>
              <span class="quiet small">{name ? `${email} · ${roleName}` : roleName}</span>
            </div>
            <Badge tone={STATUSES[status].tone}>{STATUSES[status].label}</Badge>
          </li>
        ))}
      </Rows>
      {membersCount > members.length && (
        <p class="quiet small">
          The first {members.length} of {countOf(membersCount)}; the API lists all.
        </p>
      )}
    </section>
  )
}

const countOf = (members: number): string => `${members.toLocaleString('en')} ${members === 1 ? 'member' : 'members'}`
