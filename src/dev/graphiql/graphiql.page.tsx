import { render } from 'preact-render-to-string'

const STYLE = 'html,body,#graphiql{height:100%;margin:0}noscript,#loading{font-family:system-ui;padding:2rem}'

/** The page that loads GraphiQL from `assetPath`. */
export function renderGraphiqlPage(assetPath: string): string {
  return `<!doctype html>${render(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>GraphiQL · Gatehouse</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={`${assetPath}graphiql.css`} />
        <style>{STYLE}</style>
      </head>
      <body>
        <div id="graphiql">
          <p id="loading">Loading GraphiQL…</p>
        </div>
        {['react', 'react-dom', 'graphiql', 'start'].map((name) => (
          <script key={name} src={`${assetPath}${name}.js`} />
        ))}
      </body>
    </html>,
  )}`
}
