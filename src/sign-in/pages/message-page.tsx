import { renderPage } from './layout'
import { localPath } from './local-path'

export interface MessagePageProps {
  readonly title: string
  readonly whatHappened: string
  readonly whatNext: string
  /** Shown so that a person can name it to the operator. */
  readonly requestId?: string
  readonly action?: { readonly label: string; readonly url: string }
  readonly signedInAs?: string | null
}

/** A page that only says something: a refusal, a missing page, a failure, an expired sign-in. */
export function renderMessagePage(props: MessagePageProps): string {
  const { title, whatHappened, whatNext, requestId, signedInAs } = props
  const { label, url } = props.action ?? { label: 'Go to the start page', url: '/' }
  return renderPage({
    title,
    signedInAs,
    children: (
      <section class="card">
        <h1>{title}</h1>
        <p>{whatHappened}</p>
        <p>{whatNext}</p>
        <p class="actions">
          <a class="button primary" href={localPath(url)}>
            {label}
          </a>
        </p>
        {requestId && (
          <p class="quiet small">
            Request <code>{requestId}</code>
          </p>
        )}
      </section>
    ),
  })
}
