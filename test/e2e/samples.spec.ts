// The samples in the real window: clients of their own over the bridge, a service under any dialect, a tap in between.
import type { Locator, Page } from '@playwright/test'
import { dialectIds } from '../../shared/dialects/registry.ts'
import { expect, test } from './app.ts'
import { lowerTab } from './window.ts'

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

function guest(page: Page, number: number): Locator {
  return page.getByRole('region', { name: `Guest ${number}` })
}

async function say(of: Locator, text: string): Promise<void> {
  await of.getByLabel('Message').fill(text)
  await of.getByRole('button', { name: 'Say' }).click()
}

function logOf(of: Locator): Locator {
  return of.getByRole('log')
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
    await ann.getByRole('button', { name: /^connection 1/ }).click()
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
  await expect(page.locator('.chat-log img, .chat-log b, .chat-log script, .chat-people b, h3 b')).toHaveCount(0)
  await expect(page).toHaveTitle('Wirestep')
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
  await expect(bob.getByRole('button', { name: /^connection 3, open/ })).toBeVisible()
  await page.getByRole('button', { name: 'One more guest' }).click()
  await expect(guest(page, 3)).toContainText('Here: Ann, Bob, Cleo')
})

test('a held lane keeps the room from one guest, until it is let through', async ({ app: { page } }) => {
  await startSample(page, 'Web chat')
  const [ann, bob] = [guest(page, 1), guest(page, 2)]
  await expect(bob).toContainText('Here: Ann, Bob')
  await bob.getByRole('button', { name: /^connection 2/ }).click()
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

async function countOf(page: Page, symbol: string): Promise<number> {
  return Number(await page.getByTestId(`quote-${symbol}`).locator('td').nth(2).textContent())
}

test('quotes of the symbols asked for come under every dialect', async ({ app: { page, problems } }) => {
  await startSample(page, 'Stock quotes')
  for (const id of dialectIds) {
    await pickDialect(page, id)
    await expect(page.getByTestId('quote-ACME')).toContainText(/ACME\d+\.\d\d/)
    await expect(page.getByTestId('quote-DUNE')).toContainText(/DUNE–/)
    await page.getByRole('checkbox', { name: 'DUNE' }).click()
    await expect(page.getByTestId('quote-DUNE')).toContainText(/DUNE\d+\.\d\d/)
  }
  expect(problems).toEqual([])
})

test('quotes come thousands a second, cease for a symbol left, and go on after connecting again', async ({
  app: { page },
}) => {
  await startSample(page, 'Stock quotes')
  await page.getByRole('radio', { name: '5000' }).click()
  await expect.poll(() => countOf(page, 'ACME')).toBeGreaterThan(2000)
  await page.getByRole('checkbox', { name: 'BOLT' }).click()
  await expect(page.getByTestId('quote-BOLT')).toContainText('BOLT–')
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await expect(page.getByRole('region', { name: 'Viewer' })).toContainText('connection 1, closed')
  const [left, before] = [await countOf(page, 'BOLT'), await countOf(page, 'ACME')]
  await page.getByRole('button', { name: 'Connect again' }).click()
  await expect.poll(() => countOf(page, 'ACME')).toBeGreaterThan(before)
  expect(await countOf(page, 'BOLT')).toBe(left)
  await expect(page.getByRole('region', { name: 'Viewer' })).toContainText('connection 2, open')
})
