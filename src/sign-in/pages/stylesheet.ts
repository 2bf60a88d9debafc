/** The look of every page, served as `/assets/gatehouse.css` because the content security policy allows no inline style. */
export const stylesheet = `:root {
  color-scheme: light dark;
  --ground: #f3f4f7; --card: #fff; --text: #1b1f27; --quiet: #565e6c; --line: #d5d9e1; --edge: #767e8c;
  --accent: #3446c8; --accent-strong: #2737a6; --on-accent: #fff; --tint: #eef2ff;
  --good: #17643a; --good-ground: #e2f5e9; --warn: #6b4a00; --warn-ground: #fff3d1; --bad: #b3141d; --bad-ground: #fdeceb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12141a; --card: #1c1f27; --text: #e9ebf0; --quiet: #a5adbb; --line: #343a47; --edge: #808a9b;
    --accent: #a9b5ff; --accent-strong: #c3cbff; --on-accent: #141938; --tint: #272c3d;
    --good: #8fe0ae; --good-ground: #173224; --warn: #ffe09a; --warn-ground: #3a2f10; --bad: #ffa39e; --bad-ground: #3d1f20;
  }
}
*, ::before, ::after { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body {
  margin: 0; min-height: 100vh; background: var(--ground); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, h3, p, ul, dl, dd, fieldset { margin: 0; padding: 0 }
h1 { font-size: 1.625rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; text-wrap: balance }
h2 { font-size: 1.125rem; line-height: 1.35; font-weight: 650 }
h3 { font-size: 1rem; font-weight: 600 }
a { color: var(--accent); text-underline-offset: .15em }
a:hover { color: var(--accent-strong) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.skip { position: absolute; left: 1rem; top: -4rem; padding: .5rem 1rem; background: var(--card); border-radius: .5rem; z-index: 1 }
.skip:focus { top: 1rem }
.quiet { color: var(--quiet) }
.small { font-size: .875rem }
.name { font-weight: 600 }

.top { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: center; justify-content: space-between; padding: 1rem 1.5rem }
.brand { display: inline-flex; gap: .6rem; align-items: center; color: var(--text); font-weight: 650; text-decoration: none }
.brand svg { width: 1.75rem; height: 1.75rem; color: var(--accent) }
main { width: 100%; max-width: 29rem; margin: 0 auto; padding: clamp(1rem, 6vh, 4rem) 1rem 4rem; display: grid; gap: 1.5rem }
main.wide { max-width: 46rem; padding-top: clamp(1rem, 3vh, 2rem) }
main > * { min-width: 0 }
.card { display: grid; gap: 1.25rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: .875rem }
.card > * { min-width: 0 }
.heading { display: grid; gap: .4rem }
.bar { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: center; justify-content: space-between }

.form { display: grid; gap: 1.25rem }
.field { display: grid; gap: .35rem }
.field label { font-weight: 600 }
.hint { color: var(--quiet); font-size: .875rem }
.problem { color: var(--bad); font-size: .875rem; font-weight: 600 }
input, select, textarea {
  width: 100%; min-height: 2.75rem; padding: .55rem .75rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--edge); border-radius: .5rem;
}
textarea { min-height: 7rem; resize: vertical }
input:focus-visible, select:focus-visible, textarea:focus-visible { outline-offset: 0; border-color: var(--accent) }
[aria-invalid='true'] { border-color: var(--bad); box-shadow: inset 0 0 0 1px var(--bad) }
.code-input { font: 600 1.5rem/1.4 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; letter-spacing: .3em; text-align: center }

.button {
  display: inline-flex; align-items: center; justify-content: center; min-height: 2.75rem; padding: .5rem 1.25rem;
  font: inherit; font-weight: 600; line-height: 1.3; text-align: center; text-decoration: none; cursor: pointer;
  color: var(--text); background: var(--card); border: 1px solid var(--edge); border-radius: .5rem;
}
.button:hover { color: var(--text); background: var(--tint); border-color: var(--accent) }
.button.primary { color: var(--on-accent); background: var(--accent); border-color: var(--accent) }
.button.primary:hover { background: var(--accent-strong); border-color: var(--accent-strong) }
.button.danger { color: var(--bad) }
.button.danger:hover { background: var(--bad-ground); border-color: var(--bad) }
.button.slim { min-height: 2.25rem; padding: .3rem .9rem; font-size: .9375rem }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center }
.stack { display: grid; gap: .75rem }
.stack .button { width: 100% }
.or { display: flex; align-items: center; gap: 1rem; color: var(--quiet); font-size: .875rem }
.or::before, .or::after { content: ''; flex: 1; border-top: 1px solid var(--line) }

.note { padding: .75rem 1rem; border-radius: .5rem; background: var(--tint) }
.note.good { color: var(--good); background: var(--good-ground) }
.note.warn { color: var(--warn); background: var(--warn-ground) }
.note.bad { color: var(--bad); background: var(--bad-ground) }
.badge { display: inline-block; padding: .05rem .6rem; border-radius: 1rem; font-size: .8125rem; font-weight: 600; white-space: nowrap; color: var(--quiet); background: var(--ground); border: 1px solid var(--line) }
.badge.good { color: var(--good); background: var(--good-ground); border-color: transparent }
.badge.warn { color: var(--warn); background: var(--warn-ground); border-color: transparent }
.badge.bad { color: var(--bad); background: var(--bad-ground); border-color: transparent }

.rows { list-style: none; display: grid }
.rows > li { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; padding: .9rem 0; border-top: 1px solid var(--line) }
.rows > li:first-child { border-top: 0; padding-top: 0 }
.rows > li:last-child { padding-bottom: 0 }
.rows .what { flex: 1 1 14rem; min-width: 0; display: grid; gap: .1rem }
.title-line { display: flex; flex-wrap: wrap; gap: .25rem .6rem; align-items: center }
.boxed { padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--ground) }
.boxed > li { padding: .6rem 0 }
.boxed .what { flex-basis: 9rem }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .5rem 1.25rem }
.facts dt { color: var(--quiet) }
.rows .roomy { gap: .75rem; padding-block: .25rem }
.steps { margin: 0; padding-left: 1.5rem; display: grid; gap: .75rem }
.quote { margin: 0; padding: .75rem 1rem; border-left: 3px solid var(--accent); background: var(--ground); white-space: pre-line }
code, pre { font: .9em/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace }
pre { margin: 0; padding: 1rem; background: var(--ground); border-radius: .5rem; white-space: pre-wrap }
iframe { width: 100%; height: 36rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--ground) }
details summary { cursor: pointer; font-weight: 600 }
details[open] summary { margin-bottom: .75rem }

@media (max-width: 32rem) {
  .top { padding: .875rem 1rem }
  main { padding: .5rem .75rem 2.5rem; gap: 1rem }
  main.wide { padding-top: .5rem }
  .card { padding: 1.25rem }
  .facts { grid-template-columns: 1fr; gap: 0 }
  .facts dd { margin-bottom: .6rem }
  .facts dd:last-child { margin-bottom: 0 }
}
@media (forced-colors: active) { .badge, .note { border: 1px solid } }
`
