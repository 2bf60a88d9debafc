import type { JSX } from 'preact'
import { PostButton } from './form'
import { localPath } from './local-path'
import { Badge, Moment, Name } from './note'
import { Rows } from './rows'

export interface OwnSession {
  readonly id: string
  /** Browser and system, as far as known: "Firefox on Linux". */
  readonly device: string
  readonly ipAddress: string | null
  readonly createdAt: Date
  readonly lastUsedAt: Date
  /** The session that asks. */
  readonly isCurrent: boolean
}

export interface LinkedIdentity {
  /** Google, GitHub, E-mail code … */
  readonly providerLabel: string
  readonly email: string
  readonly linkedAt: Date
}

export interface AccountSectionsProps {
  readonly csrfToken: string
  readonly sessions: readonly OwnSession[]
  readonly identities: readonly LinkedIdentity[]
  /** Ways to sign in that are not linked yet; `startUrl` proves the second identity. */
  readonly linkable: readonly { readonly label: string; readonly startUrl: string }[]
}

/** How the person can sign in, and what they could add. */
export function Identities({ identities, linkable }: AccountSectionsProps): JSX.Element {
  return (
    <section class="card" aria-labelledby="identities">
      <h2 id="identities">Ways to sign in</h2>
      <Rows empty="None is linked yet.">
        {identities.map(({ providerLabel, email, linkedAt }) => (
          <li key={`${providerLabel} ${email}`}>
            <div class="what">
              <Name>{providerLabel}</Name>
              <span class="quiet small">
                {email}, linked <Moment at={linkedAt} />
              </span>
            </div>
          </li>
        ))}
      </Rows>
      {linkable.length > 0 && (
        <p class="actions">
          {linkable.map(({ label, startUrl }) => (
            <a key={startUrl} class="button slim" href={localPath(startUrl)}>
              Link {label}
            </a>
          ))}
        </p>
      )}
    </section>
  )
}

/** Where the person is signed in. */
export function Sessions({ sessions, csrfToken }: AccountSectionsProps): JSX.Element {
  return (
    <section class="card" aria-labelledby="sessions">
      <h2 id="sessions">Active sessions</h2>
      <Rows empty="None is active.">
        {sessions.map(({ id, device, ipAddress, createdAt, lastUsedAt, isCurrent }) => (
          <li key={id}>
            <div class="what">
              <div class="title-line">
                <Name>{device}</Name>
                {isCurrent && <Badge tone="good">This one</Badge>}
              </div>
              <span class="quiet small">
                {ipAddress ?? 'Unknown address'}, last used <Moment at={lastUsedAt} />
              </span>
              <span class="quiet small">
                Signed in <Moment at={createdAt} />
              </span>
            </div>
            <PostButton
              action={`/sessions/${encodeURIComponent(id)}/revoke`}
              csrfToken={csrfToken}
              label="Revoke"
              about={`the session of ${device}`}
              look="danger"
              slim
            />
          </li>
        ))}
      </Rows>
    </section>
  )
}
