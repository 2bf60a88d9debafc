import type { JSX } from 'preact'
import { PostButton } from './form'
import { Badge, Name } from './note'
import { Rows } from './rows'

/** An organization that the person may ask to be let in, or has asked. */
export interface AskableOrganization {
  readonly name: string
  /** The domain of the person's own address that it has proven. */
  readonly domain: string
  readonly state: 'OPEN' | 'WAITING' | 'DECLINED'
  /** Path that asks, or takes back what waits. */
  readonly action: string
}

export interface AskableOrganizationsProps {
  readonly askable: readonly AskableOrganization[]
  readonly csrfToken: string
}

/** Organizations of the person's own domains: asked, or to be asked. */
export function AskableOrganizations({ askable, csrfToken }: AskableOrganizationsProps): JSX.Element {
  return (
    <section class="card" aria-labelledby="askable">
      <h2 id="askable">Ask to join</h2>
      <Rows empty="There is none to ask.">
        {askable.map((organization) => (
          <AskableRow key={organization.action} organization={organization} csrfToken={csrfToken} />
        ))}
      </Rows>
    </section>
  )
}

function AskableRow({
  organization: { name, domain, state, action },
  csrfToken,
}: {
  organization: AskableOrganization
  csrfToken: string
}): JSX.Element {
  return (
    <li>
      <div class="what">
        <div class="title-line">
          <Name>{name}</Name>
          {state === 'WAITING' && <Badge tone="warn">Waiting for an Admin</Badge>}
          {state === 'DECLINED' && <Badge tone="bad">Declined</Badge>}
        </div>
        <span class="quiet small">{WORDS[state](domain)}</span>
      </div>
      {state === 'OPEN' && (
        <PostButton action={action} csrfToken={csrfToken} label="Ask to join" about={name} look="primary" slim />
      )}
      {state === 'WAITING' && (
        <PostButton action={action} csrfToken={csrfToken} label="Take back" about={`the request to ${name}`} slim />
      )}
    </li>
  )
}

const WORDS = {
  OPEN: (domain: string) => `You have an address at ${domain}; an Admin decides whether you join.`,
  WAITING: (domain: string) => `You have asked with your address at ${domain}, and get a mail when it is decided.`,
  DECLINED: () => 'Your request was declined lately; ask an Admin in person.',
}
