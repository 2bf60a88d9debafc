/** The answer to a GraphQL request over real HTTP. */
export interface GraphQLAnswer<Data> {
  status: number
  data: Data
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string } }[]
  extensions: { requestId: string; denied?: { path: (string | number)[]; permission: string }[] }
  headers: Headers
}

// eslint-disable-next-line typescript/no-explicit-any -- tests read exactly what they asked for
export type Answer = any

/** Speaks GraphQL over HTTP with a bearer token, or without one. */
export class GraphQLClient {
  constructor(
    private readonly url: string,
    readonly token?: string,
  ) {}

  async send<Data = Answer>(query: string, variables: Record<string, unknown> = {}): Promise<GraphQLAnswer<Data>> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(this.token ? { authorization: `Bearer ${this.token}` } : {}) },
      body: JSON.stringify({ query, variables }),
    })
    const body = (await response.json()) as Omit<GraphQLAnswer<Data>, 'status' | 'headers'>
    return { ...body, status: response.status, headers: response.headers }
  }
}
