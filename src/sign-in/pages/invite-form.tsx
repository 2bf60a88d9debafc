import type { JSX } from 'preact'
import { Field } from './form'
import { Badge, type Tone } from './note'
import { Rows } from './rows'

const OUTCOMES = {
  SENT: { label: 'Sent', tone: 'good' },
  ALREADY_MEMBER: { label: 'Already a member', tone: 'plain' },
  ALREADY_INVITED: { label: 'Already invited', tone: 'plain' },
  DUPLICATE: { label: 'Named twice', tone: 'plain' },
  INVALID: { label: 'Not an e-mail address', tone: 'bad' },
  DOMAIN_NOT_ALLOWED: { label: 'Domain not allowed', tone: 'bad' },
  OTHER_ORGANIZATION: { label: 'In another organization', tone: 'bad' },
  LIMIT_EXCEEDED: { label: 'Quota used up', tone: 'bad' },
  FAILED: { label: 'Not invited', tone: 'bad' },
} as const satisfies Record<string, { label: string; tone: Tone }>

/** What became of one address. */
export interface InviteOutcome {
  /** As typed when it is no address. */
  readonly address: string
  readonly outcome: keyof typeof OUTCOMES
  /** What to do about it, where there is something. */
  readonly detail?: string
}

/** The field for many addresses at once. */
export function AddressesField({ value, errors }: { value: string; errors?: readonly string[] }): JSX.Element {
  return (
    <Field
      label="E-mail addresses to invite"
      name="addresses"
      hint="Separate with commas, semicolons or new lines. Name <person@example.com> works too."
      errors={errors}
      control={(tied) => <textarea {...tied} value={value} rows={4} autocapitalize="off" spellcheck={false} />}
    />
  )
}

/** One row per address. */
export function InviteOutcomes({ outcomes }: { outcomes: readonly InviteOutcome[] }): JSX.Element {
  return (
    <Rows label="What became of each address" empty="No address was named.">
      {outcomes.map(({ address, outcome, detail }) => (
        <li key={`${address} ${outcome}`}>
          <div class="what">
            <bdi>{address}</bdi>
            {detail && <span class="quiet small">{detail}</span>}
          </div>
          <Badge tone={OUTCOMES[outcome].tone}>{OUTCOMES[outcome].label}</Badge>
        </li>
      ))}
    </Rows>
  )
}
