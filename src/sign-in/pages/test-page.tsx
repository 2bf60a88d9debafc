import type { JSX } from 'preact'
import { renderPage } from './layout'
import { Badge, Note } from './note'
import { Rows } from './rows'

export interface TestPageProps {
  readonly connectionName: string
  readonly steps: readonly {
    readonly key: string
    readonly title: string
    readonly status: keyof typeof BADGES
    readonly detail: string | null
  }[]
  /** Null when the test has passed. */
  readonly failure: { readonly code: string; readonly howToFix: readonly string[] } | null
  /** False when the connection was changed while the test ran. */
  readonly counts: boolean
  /** Claims or attributes as received; null when none could be believed. */
  readonly received: Readonly<Record<string, unknown>> | null
}

const BADGES = {
  PASSED: { tone: 'good', label: 'Passed' },
  WARNED: { tone: 'warn', label: 'Passed, but' },
  FAILED: { tone: 'bad', label: 'Failed' },
} as const

/** What came of a test sign-in, step by step, for whoever sets the connection up. */
export function renderTestPage({ connectionName, steps, failure, counts, received }: TestPageProps): string {
  const title = failure ? 'The test has failed' : 'The test has passed'
  return renderPage({
    title,
    width: 'wide',
    children: (
      <>
        <div class="heading">
          <h1>{title}</h1>
          <p class="quiet">
            Connection <bdi class="name">{connectionName}</bdi>. Nobody was made a member by it.
          </p>
        </div>
        {!failure && !counts && (
          <Note tone="warn">The connection was changed meanwhile, so the test does not count: begin another one.</Note>
        )}
        <Steps steps={steps} />
        {failure && <HowToFix {...failure} />}
        {received && <Received claims={received} />}
        <p class="quiet small">You can close this page and go back to the settings of the connection.</p>
      </>
    ),
  })
}

function Steps({ steps }: Pick<TestPageProps, 'steps'>): JSX.Element {
  return (
    <section class="card" aria-labelledby="steps">
      <h2 id="steps">Steps</h2>
      <Rows empty="The test did not come far enough for a step.">
        {steps.map(({ key, title, status, detail }) => (
          <li key={key}>
            <div class="what">
              <span class="name">{title}</span>
              {detail && <span class="quiet small">{detail}</span>}
            </div>
            <Badge tone={BADGES[status].tone}>{BADGES[status].label}</Badge>
          </li>
        ))}
      </Rows>
    </section>
  )
}

function HowToFix({ code, howToFix }: NonNullable<TestPageProps['failure']>): JSX.Element {
  return (
    <section class="card" aria-labelledby="fix">
      <h2 id="fix">How to fix it</h2>
      <ol class="steps">
        {howToFix.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p class="quiet small">
        Error code <code>{code}</code>
      </p>
    </section>
  )
}

function Received({ claims }: { claims: Readonly<Record<string, unknown>> }): JSX.Element {
  return (
    <section class="card" aria-labelledby="received">
      <h2 id="received">What the provider has sent</h2>
      <dl class="facts">
        {Object.entries(claims).flatMap(([name, value]) => [
          <dt key={name}>{name}</dt>,
          <dd key={`${name} value`}>
            <code>{textOf(value)}</code>
          </dd>,
        ])}
      </dl>
    </section>
  )
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
