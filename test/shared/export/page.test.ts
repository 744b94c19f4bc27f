import { readFileSync } from 'node:fs'
import { sha256 } from '@noble/hashes/sha2.js'
import { describe, expect, it } from 'vitest'
import { toBase64 } from '../../../shared/bytes/base64.ts'
import { encodeUtf8 } from '../../../shared/bytes/utf8.ts'
import type { CaptureReader } from '../../../shared/capture/types.ts'
import { text } from '../../../shared/export/html.ts'
import { mostPageRows, type PageOptions, sessionPage } from '../../../shared/export/page.ts'
import { pageColours } from '../../../shared/export/pageStyle.ts'
import { converse, createLab } from '../capture/lab.ts'
import { frame, mask, openedWith, sessionOf } from './secrets.ts'

const all: PageOptions = { title: 'a session', notices: [], shows: () => true }

function pageOf(capture: CaptureReader, options: Partial<PageOptions> = {}): string {
  return [...sessionPage(capture, { ...all, ...options })].join('')
}

const hostile = `</pre><script>alert(1)</script><img src=x onerror=alert(1)>" onload='x' &amp; \u202eevil\u0000`

describe('a page of a session', () => {
  it('runs no script, loads nothing, and its policy allows its own style and nothing else', () => {
    const page = pageOf(converse(createLab('hello-00')).capture)
    const style = /<style>(.*?)<\/style>/s.exec(page)![1]!
    const hash = toBase64(sha256(encodeUtf8(style)))
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    )
    expect(page).not.toMatch(/<script|<link|<img|<iframe| style=| on[a-z]+=|url\(|@import|(?:src|href)="[^#]/i)
  })
  it('has the ladder, every unit with its bytes, fields and formulas, and links that lead somewhere', () => {
    const lab = converse(createLab('hello-00'))
    const page = pageOf(lab.capture)
    expect(page).toContain('Hello frame')
    expect(page).toContain('<span class="role-nonce">')
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target!)
    expect(links.length).toBeGreaterThan(5)
    for (const target of links) expect(page).toContain(`id="${target}"`)
  })
  it('names the rule that a unit breaks', () => {
    const page = pageOf(sessionOf(...openedWith(null), ['clientToServer', frame('not masked')]))
    expect(page).toMatch(/class="fault">⚠ [^<]*mask/)
  })
  it('shows hostile texts as texts, wherever they stand', () => {
    const capture = sessionOf(
      ...openedWith(null, `X-Evil: ${hostile.replace(/[^ -~]/g, '')}`),
      ['clientToServer', frame(hostile, { mask })],
      ['serverToClient', frame(encodeUtf8(hostile), { opcode: 'ping' })],
    )
    capture.append({ kind: 'note', time: 1_700_000_000_500, connection: 1, text: hostile })
    const page = pageOf(capture, { title: hostile, notices: [hostile] })
    const tags = [...page.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, name]) => name)
    expect(tags).not.toContain('script')
    expect(tags).not.toContain('img')
    expect(page).not.toMatch(/<[^>]*\son[a-z]+\s*=/i)
    expect(page).not.toMatch(/\u202e|\0/)
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  })
  it('says what it left out of a large session, and how to see it', () => {
    const pings = Array.from(
      { length: mostPageRows + 10 },
      () => ['serverToClient', frame('', { opcode: 'ping' })] as const,
    )
    const page = pageOf(sessionOf(...openedWith(null), ...pings))
    expect(page).toContain(`The page shows the first ${mostPageRows} rows; 12 more were left out`)
    expect(page.match(/<article/g)).toHaveLength(mostPageRows)
  })
  it('shows only what is picked', () => {
    const page = pageOf(converse(createLab('rfc6455')).capture, { shows: (_, row) => row === 0 })
    expect(page.match(/<article/g)).toHaveLength(1)
  })
  it('cuts what is long short, and says so', () => {
    const page = pageOf(sessionOf(...openedWith(null), ['serverToClient', frame('a'.repeat(100_000))]))
    expect(page.length).toBeLessThan(60_000)
    expect(page).toContain('more bytes are not shown')
  })
})

describe('text in a page', () => {
  it('is escaped, and shows what cannot be seen', () => {
    expect(text(`<&>"' \t\u0000\u007f\n\u202e\ud800`)).toBe('&lt;&amp;&gt;&quot;&#39; ␉␀␡\n\\u{202e}\ufffd')
  })
})

describe('the colours of the page', () => {
  const css = readFileSync(new URL('../../../renderer/app/tokens.css', import.meta.url), 'utf8')
  it.each(['light', 'dark'] as const)('are those of the window, %s', (theme) => {
    const block = css.slice(css.indexOf(`[data-theme="${theme}"]`)).split('}')[0]!
    for (const [name, value] of Object.entries(pageColours[theme])) expect(block).toContain(`--${name}: ${value};`)
  })
})
