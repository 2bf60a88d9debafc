import type { JSX } from 'preact'
import type { Company } from '../company'
import { renderDocument } from '../layout.page'
import type { ScimExchange } from './scim-client'
import type { ScimPusher } from './scim-pusher'
import { type PushedPerson, SCIM_STYLES } from './scim-styles'

/** Renders the page that pushes the people and groups of a company to a directory, and shows what was answered. */
export function renderScimPage({ name, slug }: Company, pusher: ScimPusher, problem?: string): string {
  return renderDocument(
    `${name} pushes by SCIM – Local identity provider`,
    <>
      <h1>{name} pushes by SCIM</h1>
      <p class="quiet">
        <a href={`/${slug}`}>{name}</a> · people and groups go to a directory the way its vendor sends them.
      </p>
      {problem && (
        <p class="error" role="alert">
          {problem}
        </p>
      )}
      <Connection pusher={pusher} />
      <Everybody pusher={pusher} />
      <People pusher={pusher} />
      <Exchanges exchanges={pusher.client.list()} />
    </>,
    { width: 'wide', refreshSeconds: pusher.isBusy ? 1 : undefined },
  )
}

function Connection({ pusher: { client, style } }: { pusher: ScimPusher }): JSX.Element {
  return (
    <form method="post" aria-labelledby="directory">
      <h2 id="directory">Directory</h2>
      <label>
        Base URL
        <input type="url" name="baseUrl" value={client.baseUrl} required />
      </label>
      <label>
        Token {client.token && <span class="quiet">· one is entered; leave empty to keep it</span>}
        <input type="password" name="token" autocomplete="off" required={!client.token} />
      </label>
      <label>
        The way of
        <select name="style">
          {SCIM_STYLES.map(({ key, label }) => (
            <option key={key} value={key} selected={key === style.key}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <button class="submit" type="submit" name="do" value="connect">
        Use this directory
      </button>
    </form>
  )
}

function Everybody({ pusher: { burst, isBusy } }: { pusher: ScimPusher }): JSX.Element {
  const moved = burst ? burst.done + burst.failed : 0
  return (
    <form method="post" class="line" aria-labelledby="all">
      <h2 id="all">Everybody</h2>
      <span class="quiet">Looks for each person and group, and creates those that are missing.</span>
      <button type="submit" name="do" value="push">
        Push all
      </button>
      <span class="quiet">Creates a thousand new people, eight at a time.</span>
      <button type="submit" name="do" value="burst">
        Push 1,000
      </button>
      {burst && (
        <p class="whole" role="status">
          <label>
            {isBusy ? 'On their way' : 'Finished'}: {moved} of {burst.total}
            {burst.failed > 0 && `, ${burst.failed} failed`}
            <progress max={burst.total} value={moved} />
          </label>
        </p>
      )}
    </form>
  )
}

function People({ pusher }: { pusher: ScimPusher }): JSX.Element {
  return (
    <>
      <h2>People</h2>
      <ul class="rows">
        {pusher.people.map((person) => (
          <li key={person.externalId}>
            <p>
              <b>{person.name}</b> {!person.active && <span class="banner">Inactive</span>}
              <br />
              <span class="quiet">
                {person.userName} · {person.id ?? 'not pushed yet'}
              </span>
            </p>
            <Changes person={person} groups={pusher.groups.map(({ name }) => name)} />
          </li>
        ))}
      </ul>
    </>
  )
}

function Changes({ person, groups }: { person: PushedPerson; groups: readonly string[] }): JSX.Element {
  return (
    <form method="post" class="changes">
      <input type="hidden" name="person" value={person.externalId} />
      <button type="submit" name="do" value={person.active ? 'deactivate' : 'activate'}>
        {person.active ? 'Deactivate' : 'Activate'}
        <span class="unseen"> {person.name}</span>
      </button>
      <input name="name" value={person.name} maxLength={100} aria-label={`New name of ${person.name}`} />
      <button type="submit" name="do" value="rename">
        Rename
        <span class="unseen"> {person.name}</span>
      </button>
      <select name="group" aria-label={`Group of ${person.name}`}>
        <option value="">No group</option>
        {groups.map((group) => (
          <option key={group} value={group} selected={group === person.group}>
            {group}
          </option>
        ))}
      </select>
      <button type="submit" name="do" value="move">
        Move
        <span class="unseen"> {person.name}</span>
      </button>
    </form>
  )
}

function Exchanges({ exchanges }: { exchanges: readonly ScimExchange[] }): JSX.Element {
  return (
    <>
      <h2>Requests and answers</h2>
      {exchanges.length === 0 && <p class="quiet">Nothing was sent yet.</p>}
      <ul class="rows">
        {exchanges.map(({ at, method, path, request, status, answer, milliseconds }) => (
          <li key={`${at.getTime()}${path}`}>
            <details>
              <summary>
                <b>{method}</b> <code>{decodeURIComponent(path)}</code>{' '}
                <span class={status >= 400 || status === 0 ? 'error' : 'quiet'}>
                  {status || 'no answer'} · {milliseconds} ms
                </span>
              </summary>
              {request && <pre>{request}</pre>}
              <pre>{answer || '(empty)'}</pre>
            </details>
          </li>
        ))}
      </ul>
    </>
  )
}
