import { createHash } from 'node:crypto'
import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { byte, command, expectStates, lowerTab, openBothEnds, pickDialect, row, sendText, shownHex } from './window.ts'

// RFC 6455 §1.3
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

function composer(page: Page) {
  return page.getByRole('form', { name: 'Send from an end' })
}

function derivation(page: Page, title: RegExp) {
  return page.getByTestId('derivation').filter({ has: page.getByRole('heading', { name: title }) })
}

async function laneText(page: Page, from: number, to: number): Promise<string> {
  return Buffer.from(await shownHex(page, from, to), 'hex').toString('latin1')
}

test('picking RFC 6455 starts a run of it, paused before the first byte', async ({ app: { page } }) => {
  await pickDialect(page, 'RFC 6455')
  await expect(page.getByTestId('ladder-row')).toHaveCount(1)
  await expect(row(page, 0)).toHaveAttribute('data-phase', 'held')
  await expectStates(page, 'AWAITING_RESPONSE', 'AWAITING_REQUEST')
  await page.getByRole('tab', { name: 'Sessions' }).click()
  await expect(page.getByTestId('open-run')).toHaveCount(2)
})

test('a session of RFC 6455 is walked from the request to the close, unit by unit', async ({ app }) => {
  const { page } = app
  await pickDialect(page, 'RFC 6455')

  await test.step('the opening handshake, and the accept value as SHA-1 of the key', async () => {
    await page.keyboard.press('F10')
    await expectStates(page, 'AWAITING_RESPONSE', 'OPEN')
    await row(page, 0).click()
    const key = /Sec-WebSocket-Key: (\S+)\r\n/.exec(await laneText(page, 0, 160))?.[1] ?? ''
    await page.keyboard.press('F10')
    await expectStates(page, 'OPEN', 'OPEN')
    await expect(derivation(page, /accept/i)).toContainText('it matches')
    const accept = createHash('sha1').update(`${key}${guid}`).digest('base64')
    await expect(derivation(page, /accept/i)).toContainText(accept)
    expect(await laneText(page, 0, 129)).toContain(`Sec-WebSocket-Accept: ${accept}\r\n`)
  })

  await test.step('a text from the client is masked on the wire, and readable underneath', async () => {
    await sendText(page, 'Client', 'Hello')
    await page.keyboard.press('F10')
    await expect(row(page, 2)).toHaveAttribute('aria-label', 'client to server, text, "Hello", 11 B')
    const start = Number(await page.locator('[data-testid="byte"][aria-selected="true"]').getAttribute('data-offset'))
    const frame = Buffer.from(await shownHex(page, start, start + 11), 'hex')
    expect([...frame.subarray(0, 2)]).toEqual([0x81, 0x85])
    expect(frame.subarray(6).toString(), 'the payload is not masked').not.toBe('Hello')
    await expect(derivation(page, /mask/i)).toBeVisible()
    await pickLayer(page, 'Unmasked')
    expect(await laneText(page, start + 6, start + 11)).toBe('Hello')
    await pickLayer(page, 'Text')
    await expect(page.getByTestId('text-layer')).toHaveText('Hello')
    await pickLayer(page, 'Wire')
    await expect(byte(page, start)).toHaveText('81')
  })

  await test.step('a text from the server is not masked', async () => {
    await sendText(page, 'Server', 'hi')
    await page.keyboard.press('F10')
    await expect(row(page, 3)).toHaveAttribute('aria-label', 'server to client, text, "hi", 4 B')
  })

  await test.step('a close with code and reason is answered, and both ends are CLOSED', async () => {
    await composer(page).getByText('Client', { exact: true }).click()
    await composer(page).getByLabel('What to send').selectOption({ label: 'Close' })
    await composer(page).getByLabel('Close code').fill('1000')
    await composer(page).getByLabel('Content').fill('bye')
    await composer(page).getByRole('button', { name: 'Send' }).click()
    await expect(row(page, 4)).toContainText('close')
    await expectStates(page, 'CLOSE_SENT', 'OPEN')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await expectStates(page, 'CLOSED', 'CLOSED')
    await row(page, 4).click()
    await expect(page.getByTestId('field').filter({ hasText: '1000' }).first()).toBeVisible()
    await expect(page.getByTestId('field').filter({ hasText: 'bye' }).first()).toBeVisible()
    await expect(row(page, 5)).toHaveAttribute('aria-label', /^server to client, close, .*1000/)
  })

  await test.step('the applications got the two texts, and no rule was broken', async () => {
    await lowerTab(page, 'Messages').click()
    await expect(page.getByRole('listbox', { name: 'Messages' }).getByRole('option')).toHaveText([
      /client → server.*Hello/,
      /server → client.*hi/,
    ])
    await lowerTab(page, 'Faults').click()
    await expect(page.getByText('No rule is broken')).toBeVisible()
  })

  await test.step('the run is over, and the list of runs says so', async () => {
    await page.getByRole('tab', { name: 'Sessions' }).click()
    await expect(page.getByTestId('open-run').filter({ hasText: 'shown' })).toContainText('ended')
  })
  expect(app.problems).toEqual([])
})

for (const { dialect, codes } of [
  { dialect: 'hybi-04', codes: false },
  { dialect: 'hybi-05', codes: false },
  { dialect: 'hybi-06', codes: true },
  { dialect: 'hybi-07', codes: true },
  { dialect: 'hybi-08', codes: true },
]) {
  test(`a session of ${dialect} is walked from the request to the close`, async ({ app }) => {
    const { page } = app
    await pickDialect(page, dialect)
    await page.keyboard.press('F10')
    await expectStates(page, 'AWAITING_RESPONSE', 'OPEN')
    await page.keyboard.press('F10')
    await expectStates(page, 'OPEN', 'OPEN')
    await expect(derivation(page, /accept/i)).toContainText('it matches')

    await sendText(page, 'Client', 'Hello')
    await page.keyboard.press('F10')
    await expect(row(page, 2)).toHaveAttribute('aria-label', 'client to server, text, "Hello", 11 B')
    await expect(derivation(page, /unmasked/i)).toBeVisible()
    await sendText(page, 'Server', 'hi')
    await page.keyboard.press('F10')
    await expect(row(page, 3)).toHaveAttribute('aria-label', 'server to client, text, "hi", 4 B')

    await composer(page).getByText('Client', { exact: true }).click()
    await composer(page).getByLabel('What to send').selectOption({ label: 'Close' })
    await expect(composer(page).getByLabel('Close code')).toHaveCount(codes ? 1 : 0)
    if (codes) await composer(page).getByLabel('Close code').fill('1000')
    await composer(page).getByRole('button', { name: 'Send' }).click()
    await expectStates(page, 'CLOSE_SENT', 'OPEN')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await expectStates(page, 'CLOSED', 'CLOSED')
    await expect(row(page, 5)).toHaveAttribute('aria-label', /^server to client, close/)
    await lowerTab(page, 'Faults').click()
    await expect(page.getByText('No rule is broken')).toBeVisible()
    expect(app.problems).toEqual([])
  })
}

for (const dialect of ['Upgrade+Hello', 'RFC 6455']) {
  test(`in ${dialect}, an end that is not OPEN refuses to send and says why`, async ({ app: { page } }) => {
    await pickDialect(page, dialect)
    await composer(page).getByLabel('Content').fill('too early')
    await composer(page).getByRole('button', { name: 'Send' }).click()
    const refusal = composer(page).getByRole('alert')
    await expect(refusal).toHaveText(/^The client cannot send now: the opening handshake is not finished, .*\.$/)
    await expect(composer(page).getByLabel('Content')).toHaveValue('too early')
    await composer(page).getByLabel('Content').fill('')
    await expect(refusal).toHaveCount(0)
    await openBothEnds(page)
    await sendText(page, 'Client', 'now')
    await expect(page.getByTestId('ladder-row').last()).toContainText('now')
  })
}

test('a dialect without close codes has no box for one', async ({ app: { page } }) => {
  await composer(page).getByLabel('What to send').selectOption({ label: 'Close' })
  await expect(composer(page).getByLabel('Close code')).toHaveCount(0)
  await pickDialect(page, 'RFC 6455')
  await composer(page).getByLabel('What to send').selectOption({ label: 'Close' })
  await expect(composer(page).getByLabel('Close code')).toBeVisible()
})

test('the same seed gives the same bytes, and another one others', async ({ app: { page } }) => {
  const key = async () => /Sec-WebSocket-Key: (\S+)/.exec(await laneText(page, 0, 160))?.[1]
  await command(page, 'lab rfc6455 --seed 7')
  await expect.poll(key).toMatch(/^[\w+/]{22}==$/)
  const first = await key()
  await command(page, 'lab rfc6455 --seed 8')
  await expect.poll(key).not.toBe(first)
  await command(page, 'lab rfc6455 --seed 7')
  await expect.poll(key).toBe(first)
})

async function pickLayer(page: Page, name: string): Promise<void> {
  await page.getByRole('radiogroup', { name: 'Layer' }).getByRole('radio', { name }).click()
}

for (const { dialect, openings, closes, says } of [
  { dialect: 'hixie-75', openings: 2, closes: false, says: ['Text', 'Close'] },
  { dialect: 'hixie-76', openings: 4, closes: true, says: ['Text', 'Close'] },
  { dialect: 'hybi-03', openings: 4, closes: true, says: ['Text', 'Binary', 'Ping', 'Close'] },
]) {
  test(`a session of ${dialect} is walked from the request to the close`, async ({ app }) => {
    const { page } = app
    await pickDialect(page, dialect)
    for (let unit = 0; unit < openings; unit++) await page.keyboard.press('F10')
    await expectStates(page, 'OPEN', 'OPEN')
    if (openings === 4) {
      await expect(page.getByTestId('ladder-row').filter({ hasText: 'proof' })).toHaveCount(1)
      await expect(derivation(page, /proof/i)).toContainText('it matches')
    }

    await sendText(page, 'Client', 'Hello')
    await page.keyboard.press('F10')
    await expect(row(page, openings)).toHaveAttribute('aria-label', 'client to server, text, "Hello", 7 B')
    await sendText(page, 'Server', 'hi')
    await page.keyboard.press('F10')
    await expect(row(page, openings + 1)).toHaveAttribute('aria-label', 'server to client, text, "hi", 4 B')

    await composer(page).getByText('Client', { exact: true }).click()
    await expect(composer(page).getByLabel('What to send').locator('option')).toHaveText(says)
    await composer(page).getByLabel('What to send').selectOption({ label: 'Close' })
    await composer(page).getByRole('button', { name: 'Send' }).click()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await expectStates(page, 'CLOSED', 'CLOSED')
    await expect(row(page, openings + 2)).toHaveAttribute('aria-label', closes ? /^client to server, close/ : /FIN/)
    await lowerTab(page, 'Faults').click()
    await expect(page.getByText('No rule is broken')).toBeVisible()
    expect(app.problems).toEqual([])
  })
}
