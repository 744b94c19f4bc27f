// The samples in the real window: clients that are pages of their own, a service under any dialect, a tap in between.
import type { Frame, FrameLocator, Locator, Page } from '@playwright/test'
import { dialectIds } from '../../shared/dialects/registry.ts'
import { expect } from './app.ts'
import { test } from './elsewhere.ts'
import { leaveInput, lowerTab } from './window.ts'

async function startSample(page: Page, title: string): Promise<void> {
  await page.getByRole('tab', { name: 'Samples' }).click()
  await page.getByRole('button', { name: `Start ${title}` }).click()
  await expect(page.getByRole('heading', { name: title })).toBeVisible()
}

/** Settles when the sample has begun anew in it. */
async function pickDialect(page: Page, id: string): Promise<void> {
  const picker = page.getByLabel('Dialect of the sample')
  await picker.selectOption(id)
  await expect(picker).toHaveValue(id)
}

/** The pane of a client: what the window draws around its page. */
function pane(page: Page, title: string): Locator {
  return page.getByRole('region', { name: title })
}

/** A page in a pane, as a person sees it. */
function pageIn(page: Page, title: string): FrameLocator {
  return page.frameLocator(`iframe[title="The page of ${title}"]`)
}

function guest(page: Page, number: number): Locator {
  return pageIn(page, `Guest ${number}`).locator('body')
}

function viewer(page: Page): Locator {
  return pageIn(page, 'Viewer').locator('body')
}

/** The document of a page in a pane, for what no person could do there. */
async function documentOf(page: Page, title: string): Promise<Frame> {
  const element = await page.locator(`iframe[title="The page of ${title}"]`).elementHandle()
  return (await element!.contentFrame())!
}

async function say(of: Locator, text: string): Promise<void> {
  await of.getByLabel('Message').fill(text)
  await of.getByRole('button', { name: 'Say' }).click()
}

function logOf(of: Locator): Locator {
  return of.getByRole('log')
}

/** Starts the chat and waits until both guests see each other. */
async function startChat(page: Page): Promise<readonly [Locator, Locator]> {
  await startSample(page, 'Web chat')
  for (const number of [1, 2]) await expect(guest(page, number)).toContainText('Here: Ann, Bob')
  return [guest(page, 1), guest(page, 2)]
}

function ladderRow(page: Page, text: string): Locator {
  return page.getByTestId('ladder-row').filter({ hasText: text })
}

test('two guests talk under every dialect, and each byte of it is in the ladder', async ({
  app: { page, problems },
}) => {
  await startSample(page, 'Web chat')
  for (const id of dialectIds) {
    await pickDialect(page, id)
    const [ann, bob] = [guest(page, 1), guest(page, 2)]
    await expect(ann).toContainText('Here: Ann, Bob')
    await expect(bob).toContainText('Here: Ann, Bob')
    await say(ann, `hello from Ann in ${id}`)
    await expect(logOf(bob)).toContainText(`hello from Ann in ${id}`)
    await say(bob, `and Bob in ${id}`)
    await expect(logOf(ann)).toContainText(`and Bob in ${id}`)
    await pane(page, 'Guest 1')
      .getByRole('button', { name: /^connection 1/ })
      .click()
    await expect(ladderRow(page, '"said","from":"Bob"')).toBeVisible()
  }
  expect(problems).toEqual([])
})

test('names and texts are shown as text, never as markup', async ({ app: { page, problems } }) => {
  const name = '<b onclick=x>Eve</b>'
  const text = '<img src=x onerror="document.title=1">&lt;script&gt;\n‮'
  await startSample(page, 'Web chat')
  const [eve, bob] = [guest(page, 1), guest(page, 2)]
  await eve.getByRole('button', { name: 'Leave' }).click()
  await eve.getByLabel('Name').fill(name)
  await eve.getByRole('button', { name: 'Come in' }).click()
  await expect(bob).toContainText(`Here: Bob, ${name}`)
  await say(eve, text)
  await expect(logOf(bob)).toContainText('<img src=x onerror="document.title=1">&lt;script&gt;')
  for (const one of [eve, bob]) {
    await expect(one.locator('#root').locator('img, script, b')).toHaveCount(0)
    await expect(one.page()).toHaveTitle('Web chat, Upgrade+Hello – Wirestep')
  }
  expect(await (await documentOf(page, 'Guest 2')).title()).toBe('Web chat')
  expect(problems).toEqual([])
})

test('the others see who types, who leaves and who comes again, with what was said', async ({ app: { page } }) => {
  await startSample(page, 'Web chat')
  const [ann, bob] = [guest(page, 1), guest(page, 2)]
  await expect(bob).toContainText('Here: Ann, Bob')
  await ann.getByLabel('Message').fill('half a thou')
  await expect(bob).toContainText('Ann is typing…')
  await ann.getByLabel('Message').fill('')
  await expect(bob).not.toContainText('Ann is typing…')
  await say(ann, 'remember this')
  await expect(logOf(bob)).toContainText('remember this')
  await bob.getByRole('button', { name: 'Leave' }).click()
  await expect(logOf(ann)).toContainText('Bob left')
  await bob.getByRole('button', { name: 'Come in' }).click()
  await expect(logOf(ann)).toContainText('Bob came in')
  await expect(logOf(bob)).toContainText('remember this')
  await expect(pane(page, 'Guest 2').getByRole('button', { name: /^connection 3, open/ })).toBeVisible()
  await page.getByRole('button', { name: 'One more guest' }).click()
  await expect(guest(page, 3)).toContainText('Here: Ann, Bob, Cleo')
})

test('a held lane keeps the room from one guest, until it is let through', async ({ app: { page } }) => {
  await startSample(page, 'Web chat')
  const [ann, bob] = [guest(page, 1), guest(page, 2)]
  await expect(bob).toContainText('Here: Ann, Bob')
  await pane(page, 'Guest 2')
    .getByRole('button', { name: /^connection 2/ })
    .click()
  await page.getByRole('button', { name: 'Hold the server’s lane' }).click()
  await say(ann, 'can you hear me')
  await expect(ladderRow(page, '"from":"Ann","text":"can')).toBeVisible()
  await expect(logOf(bob)).not.toContainText('can you hear me')
  await page.getByRole('button', { name: 'Let it pass' }).click()
  await expect(logOf(bob)).toContainText('can you hear me')
})

test('guests stay in the room while the window shows their bytes elsewhere; a reset begins anew, and closing shows the cards', async ({
  app: { page },
}) => {
  await startSample(page, 'Web chat')
  await expect(guest(page, 1)).toContainText('Here: Ann, Bob')
  await say(guest(page, 1), 'still here?')
  await page.getByRole('button', { name: 'Step through it' }).click()
  await lowerTab(page, 'Messages').click()
  await expect(page.getByRole('listbox', { name: 'Messages' })).toContainText('still here?')
  await page.getByRole('tab', { name: 'Samples' }).click()
  await expect(logOf(guest(page, 2))).toContainText('still here?')
  await page.getByRole('button', { name: 'Reset' }).click()
  await expect(logOf(guest(page, 2))).not.toContainText('still here?')
  await expect(guest(page, 2)).toContainText('Here: Ann, Bob')
  await page.getByRole('button', { name: 'All samples' }).click()
  await expect(page.getByRole('button', { name: 'Start Web chat' })).toBeVisible()
})

function quote(page: Page, symbol: string): Locator {
  return viewer(page).getByTestId(`quote-${symbol}`)
}

async function countOf(page: Page, symbol: string): Promise<number> {
  return Number(await quote(page, symbol).locator('td').nth(2).textContent())
}

test('quotes of the symbols asked for come under every dialect', async ({ app: { page, problems } }) => {
  await startSample(page, 'Stock quotes')
  for (const id of dialectIds) {
    await pickDialect(page, id)
    await expect(quote(page, 'ACME')).toContainText(/ACME\d+\.\d\d/)
    await expect(quote(page, 'DUNE')).toContainText(/DUNE–/)
    await viewer(page).getByRole('checkbox', { name: 'DUNE' }).click()
    await expect(quote(page, 'DUNE')).toContainText(/DUNE\d+\.\d\d/)
  }
  expect(problems).toEqual([])
})

test('quotes come thousands a second, cease for a symbol left, and go on after connecting again', async ({
  app: { page },
}) => {
  await startSample(page, 'Stock quotes')
  await viewer(page).getByRole('radio', { name: '5000' }).click()
  await expect.poll(() => countOf(page, 'ACME')).toBeGreaterThan(2000)
  await viewer(page).getByRole('checkbox', { name: 'BOLT' }).click()
  await expect(quote(page, 'BOLT')).toContainText('BOLT–')
  await viewer(page).getByRole('button', { name: 'Disconnect' }).click()
  await expect(pane(page, 'Viewer')).toContainText('connection 1, closed')
  const [left, before] = [await countOf(page, 'BOLT'), await countOf(page, 'ACME')]
  await viewer(page).getByRole('button', { name: 'Connect again' }).click()
  await expect.poll(() => countOf(page, 'ACME')).toBeGreaterThan(before)
  expect(await countOf(page, 'BOLT')).toBe(left)
  await expect(pane(page, 'Viewer')).toContainText('connection 2, open')
})

test('each client is a document of its own, in an origin of its own, that reaches nothing but its socket', async ({
  app: { page },
}) => {
  await startChat(page)
  const page1 = await documentOf(page, 'Guest 1')
  expect(new URL(page1.url()).pathname).toBe('/pages/chat/')
  const reached = await page1.evaluate(() => {
    const attempt = (what: () => unknown): string => {
      try {
        return `reached ${what()}`
      } catch (error) {
        return (error as Error).name
      }
    }
    return {
      origin,
      bridge: 'wirestep' in window,
      above: attempt(() => Object.keys(parent.document)),
      bridgeAbove: attempt(() => 'wirestep' in parent && (parent as unknown as { wirestep: unknown }).wirestep),
      beside: attempt(() => parent.frames[1]!.document.title),
      storage: attempt(() => localStorage.length),
      cookie: attempt(() => document.cookie),
    }
  })
  expect(reached).toEqual({
    ...{ origin: 'null', bridge: false, above: 'SecurityError', bridgeAbove: 'SecurityError' },
    ...{ beside: 'SecurityError', storage: 'SecurityError', cookie: 'SecurityError' },
  })
})

/** What stops `attempt`, made in a frame, as a policy of the document of `watched` tells. */
async function directiveAgainst(
  watched: Frame,
  frame: Frame,
  attempt: (address: string) => void,
  address: string,
): Promise<string> {
  const stopped = await watched.evaluateHandle(() => ({
    directive: new Promise<string>((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective))
    }),
  }))
  // In a task of its own: what a debugger evaluates itself is let past the policy.
  await frame.evaluate(`void setTimeout(${attempt}, 0, ${JSON.stringify(address)})`)
  return stopped.evaluate(({ directive }) => directive)
}

test('a page in a pane can neither dial by itself, nor take the window along, nor go elsewhere', async ({
  app: { page },
  elsewhere: { address, asked },
}) => {
  await startChat(page)
  const [ann, before] = [await documentOf(page, 'Guest 1'), page.url()]
  const dial = (to: string) => void new WebSocket(`ws://${to}/`)
  expect(await directiveAgainst(ann, ann, dial, address)).toBe('connect-src')
  const leaving = await ann.evaluate((to) => {
    try {
      top!.location.href = `http://${to}/`
      return 'left'
    } catch (error) {
      return (error as Error).name
    }
  }, address)
  expect(leaving).toBe('SecurityError')
  await say(guest(page, 1), 'still here')
  await expect(logOf(guest(page, 2))).toContainText('still here')
  const go = (to: string) => location.assign(`http://${to}/`)
  expect(await directiveAgainst(page.mainFrame(), ann, go, address)).toBe('frame-src')
  expect(page.url()).toBe(before)
  expect(asked).toEqual([])
})

test('keys that are commands work from inside a page: F10 lets the next unit through, Ctrl+K opens the palette', async ({
  app: { page },
}) => {
  const [ann, bob] = await startChat(page)
  await pane(page, 'Guest 2')
    .getByRole('button', { name: /^connection 2/ })
    .click()
  await page.getByRole('button', { name: 'Hold the server’s lane' }).click()
  await say(ann, 'step me')
  await expect(ladderRow(page, '"from":"Ann","text":"step')).toBeVisible()
  await ann.getByLabel('Message').focus()
  await expect(async () => {
    await page.keyboard.press('F10')
    await expect(logOf(bob)).toContainText('step me', { timeout: 1000 })
  }).toPass()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.type('as before')
  await expect(ann.getByLabel('Message')).toHaveValue('as before')
})

test('a page that is loaded again leaves the room as a page does, and comes in anew', async ({ app: { page } }) => {
  const [ann, bob] = await startChat(page)
  await page.getByRole('button', { name: 'Load the page of Guest 2 again' }).click()
  await expect(logOf(ann)).toContainText('Bob left')
  await expect(logOf(ann)).toContainText('Bob came in')
  await expect(bob).toContainText('Here: Ann, Bob')
  await expect(pane(page, 'Guest 2')).toContainText('connection 3, open')
  await (await documentOf(page, 'Guest 2')).evaluate(() => location.reload())
  await expect(pane(page, 'Guest 2')).toContainText('connection 4, open')
  await expect(bob).toContainText('Here: Ann, Bob')
})

test('the pages have the colours of the window, and change with them', async ({ app: { page } }) => {
  const [ann] = await startChat(page)
  const colours = () =>
    Promise.all([
      page.locator('html').getAttribute('data-theme'),
      ann.evaluate(({ ownerDocument }) => ownerDocument.documentElement.getAttribute('data-theme')),
    ])
  expect(await colours()).toEqual(['dark', 'dark'])
  await leaveInput(page)
  await page.getByRole('button', { name: /theme/i }).click()
  await expect.poll(colours).toEqual(['light', 'light'])
})
