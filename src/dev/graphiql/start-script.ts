const FIRST_QUERY = `# Gatehouse's GraphQL API.
#
# You act as whoever is signed in in this
# browser (sign in at /login), or by a token:
# write under "Headers" below
#   { "Authorization": "Bearer TOKEN" }
# with a token that \`npm run seed\` prints.
#
# Ctrl-Enter runs, Ctrl-Space completes; the
# book on the left explains every field.

query WhoAmI {
  viewer {
    user { name email }
    memberships { organization { id slug name } }
    can(action: CREATE_ORGANIZATION) { allowed }
  }
}

# Needs somebody who is signed in:
mutation FirstOrganization {
  createOrganization(input: {
    name: "My company"
    slug: "my-company"
    billingEmail: "me@example.com"
  }) {
    organization { id slug name }
    userErrors { code message path }
  }
}
`

/** Starts GraphiQL on the page; a script of its own, since the page's policy forbids scripts inside it. */
export const START_SCRIPT = `
const fetcher = GraphiQL.createFetcher({ url: '/graphql' })
const element = React.createElement(GraphiQL, {
  fetcher,
  defaultQuery: ${JSON.stringify(FIRST_QUERY)},
  shouldPersistHeaders: false,
  defaultEditorToolsVisibility: 'headers',
})
ReactDOM.createRoot(document.getElementById('graphiql')).render(element)
`
