import { renderPage } from './layout'
import { localPath } from './local-path'

export interface MessagePageProps {
  readonly title: string
  readonly whatHappened: string
  readonly whatNext: string
  /** Shown so that a person can name it to the operator. */
  readonly requestId?: string
  /** The start page when absent; null where a click helps nobody. */
  readonly action?: { readonly label: string; readonly url: string } | null
  readonly signedInAs?: string | null
}

const START_PAGE = { label: 'Go to the start page', url: '/' }

/** A page that only says something: a refusal, a missing page, a failure, an expired sign-in. */
export function renderMessagePage(props: MessagePageProps): string {
  const { title, whatHappened, whatNext, requestId, signedInAs, action = START_PAGE } = props
  return renderPage({
    title,
    signedInAs,
    children: (
      <section class="card">
        <h1>{title}</h1>
        <p>{whatHappened}</p>
        <p>{whatNext}</p>
        {action && (
          <p class="actions">
            <a class="button primary" href={localPath(action.url)}>
              {action.label}
            </a>
          </p>
        )}
        {requestId && (
          <p class="quiet small">
            Request <code>{requestId}</code>
          </p>
        )}
      </section>
    ),
  })
}
