// How the page looks: the colours of the window in both themes, for the screen and on paper. The page's policy names the
// hash of this text, so that no other style, and no script at all, works in it.
import { sha256 } from '@noble/hashes/sha2.js'
import { toBase64 } from '../bytes/base64.ts'
import { encodeUtf8 } from '../bytes/utf8.ts'

/** The names of `renderer/app/tokens.css`; a test compares them. */
const light = {
  bg: '#f3f5f8',
  panel: '#ffffff',
  raised: '#edf0f4',
  line: '#dfe4ea',
  ink: '#18202b',
  dim: '#556070',
  accent: '#1c6fd6',
  sel: '#e3edfb',
  client: '#1a66c6',
  server: '#0b7151',
  fault: '#bd2626',
  'c-start': '#6a45c9',
  'c-name': '#1f5fa8',
  'c-value': '#2b3441',
  'c-separator': '#566170',
  'c-flag': '#a82f76',
  'c-opcode': '#845300',
  'c-length': '#2f6b12',
  'c-mask': '#4549c4',
  'c-nonce': '#086676',
  'c-digest': '#a04311',
  'c-text': '#18202b',
  'c-binary': '#6d5517',
  'c-code': '#6b5c00',
  'c-junk': '#b01f1f',
} as const

const dark: Readonly<Record<keyof typeof light, string>> = {
  bg: '#0e1116',
  panel: '#14181f',
  raised: '#1b2029',
  line: '#262d38',
  ink: '#dde3ea',
  dim: '#97a1af',
  accent: '#4f9cf9',
  sel: '#1c2a3f',
  client: '#6cb0ff',
  server: '#58d0a4',
  fault: '#ff7a7a',
  'c-start': '#b79bff',
  'c-name': '#7fb2f0',
  'c-value': '#c9d1db',
  'c-separator': '#939dab',
  'c-flag': '#ee8fc4',
  'c-opcode': '#f2b84b',
  'c-length': '#8fd16f',
  'c-mask': '#a3a8ff',
  'c-nonce': '#4fd3e6',
  'c-digest': '#ff9e6b',
  'c-text': '#e6ebf1',
  'c-binary': '#d8c08a',
  'c-code': '#e9d76a',
  'c-junk': '#ff8d8d',
}

export const pageColours = { light, dark }

const tokens = (colours: Readonly<Record<string, string>>) =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';')

const roles = Object.keys(light).flatMap((name) => {
  const role = /^c-(.*)$/.exec(name)?.[1]
  return role ? [`.role-${role}{color:var(--${name})}`] : []
})

export const pageStyle = `
:root{color-scheme:light dark;${tokens(light)}}
@media (prefers-color-scheme:dark){:root{${tokens(dark)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:14px/1.5 system-ui,sans-serif}
main{max-width:1180px;margin:0 auto;padding:24px 20px 80px}
h1{font-size:22px;margin:0 0 4px}
h2{font-size:17px;margin:36px 0 8px}
h3{font-size:14px;margin:0}
p{margin:4px 0}
a{color:inherit}
a:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
.dim{color:var(--dim)}
.notice{background:var(--panel);border:1px solid var(--line);border-left:3px solid var(--accent);padding:8px 12px;border-radius:6px;margin:10px 0}
.fault{color:var(--fault)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 14px;margin:8px 0}
dt{color:var(--dim)}
dd{margin:0;overflow-wrap:anywhere}
code,pre,.mono{font-family:"JetBrains Mono",ui-monospace,monospace;font-size:12px}
.ladder{list-style:none;margin:10px 0;padding:6px 0;background:var(--panel);border:1px solid var(--line);border-radius:9px}
.ladder a{display:grid;grid-template-columns:76px 150px minmax(90px,220px) 1fr;gap:12px;padding:3px 14px;text-decoration:none;align-items:baseline}
.ladder a:hover{background:var(--raised)}
.ladder span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.of-client{color:var(--client)}
.of-server{color:var(--server)}
.unit{background:var(--panel);border:1px solid var(--line);border-radius:9px;padding:12px 14px;margin:12px 0;break-inside:avoid-page}
.unit:target{border-color:var(--accent);box-shadow:0 0 0 2px var(--sel)}
.unit header{display:flex;flex-wrap:wrap;gap:4px 14px;align-items:baseline}
pre{background:var(--raised);border-radius:6px;padding:8px 10px;margin:8px 0;overflow-x:auto;white-space:pre}
pre.wrap{white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin:8px 0;font-size:13px}
th{text-align:left;color:var(--dim);font-weight:500}
th,td{padding:2px 10px 2px 0;vertical-align:top;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
td:first-child{white-space:nowrap}
.in-1{padding-left:16px}.in-2{padding-left:32px}.in-3{padding-left:48px}
${roles.join('')}
@media print{body{background:none}main{max-width:none;padding:0}.unit,.ladder{border-color:#999}pre{white-space:pre-wrap}}
`

/** Nothing is loaded, nothing runs, nothing is sent; only this style counts. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${toBase64(sha256(encodeUtf8(pageStyle)))}'; base-uri 'none'; form-action 'none'`
