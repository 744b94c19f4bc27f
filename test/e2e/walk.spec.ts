import { createHash } from 'node:crypto'
import { expect, test } from './app.ts'
import { byte, command, expectStates, leaveInput, row, sendText, shownHex } from './window.ts'

interface UnitWalked {
  readonly label: string
  readonly lane: 'client to server' | 'server to client'
  readonly title: string
  readonly size: number
  /** Offset of its first byte on its lane. */
  readonly at: number
  /** The states once its last byte is through; until then they stay as they were. */
  readonly after: readonly [client: string, server: string]
}

const opening: readonly UnitWalked[] = [
  {
    label: 'GET /demo',
    lane: 'client to server',
    title: 'Opening request',
    size: 176,
    at: 0,
    after: ['AWAITING_RESPONSE', 'AWAITING_CLIENT_HELLO'],
  },
  {
    label: '101 Switching Protocols',
    lane: 'server to client',
    title: 'Opening response',
    size: 169,
    at: 0,
    after: ['AWAITING_SERVER_HELLO', 'AWAITING_CLIENT_HELLO'],
  },
  {
    label: 'Hello',
    lane: 'server to client',
    title: 'Hello frame',
    size: 26,
    at: 169,
    after: ['OPEN', 'AWAITING_CLIENT_HELLO'],
  },
  { label: 'Hello', lane: 'client to server', title: 'Hello frame', size: 18, at: 176, after: ['OPEN', 'OPEN'] },
]

test('the whole Hello session is walked byte by byte, back to its middle, forked, saved and opened again', async ({
  app,
}) => {
  test.setTimeout(240_000)
  const { page, folder } = app

  await test.step('the lab opens on Upgrade+Hello, before the first byte', async () => {
    await expect(page.getByTestId('ladder-row')).toHaveCount(1)
    await expect(row(page, 0)).toHaveAttribute('data-phase', 'held')
    await expectStates(page, 'AWAITING_RESPONSE', 'AWAITING_REQUEST')
    await expect(page.getByTestId('ladder-foot')).toContainText('F10')
    await expect(byte(page, 0)).toHaveAttribute('data-phase', 'next')
  })

  let before: readonly [string, string] = ['AWAITING_RESPONSE', 'AWAITING_REQUEST']
  for (const [index, unit] of opening.entries()) {
    await test.step(`${unit.label}, ${unit.lane}, byte by byte`, async () => {
      for (let done = 1; done < unit.size; done += 1) {
        await page.keyboard.press('Shift+F11')
        await expect(row(page, index)).toContainText(`${done} of ${unit.size} B`)
      }
      await expect(row(page, index)).toHaveAttribute('data-phase', 'inFlight')
      await expect(byte(page, unit.at + unit.size - 1)).toHaveAttribute('data-phase', 'next')
      await expectStates(page, ...before)

      await page.keyboard.press('Shift+F11')
      await expect(row(page, index)).toHaveAttribute('data-phase', 'done')
      await expect(row(page, index)).toHaveAttribute('aria-label', new RegExp(`^${unit.lane}, ${unit.label}`))
      await expect(byte(page, unit.at + unit.size - 1)).toHaveAttribute('data-phase', 'delivered')
      await expect(page.getByTestId('explain-title')).toHaveText(unit.title)
      await expectStates(page, ...unit.after)
    })
    before = unit.after
  }

  await test.step('both digests on the wire are the MD5 of the 25 octets, and the window says so', async () => {
    await row(page, 0).click()
    await page.getByTestId('field').filter({ hasText: 'Sec-WebSocket-Nonce' }).first().click()
    const request = Buffer.from(await laneHex(176), 'hex').toString('latin1')
    const clientNonce = /Sec-WebSocket-Nonce: ([0-9A-F]{16})\r\n/.exec(request)?.[1] ?? ''
    await row(page, 2).click()
    // Both lanes have a byte at that place: 8f tells that the right one is shown.
    await expect(byte(page, 169)).toHaveText('8f')
    const serverHello = await shownHex(page, 169, 195)
    await row(page, 3).click()
    await expect(byte(page, 176)).toHaveText('8f')
    await expect(page.getByTestId('derivation').first()).toContainText('it matches')
    const clientHello = await shownHex(page, 176, 194)
    const serverNonce = serverHello.slice(4, 20)
    expect(serverHello).toBe(`8f18${serverNonce}${md5(clientNonce, serverNonce)}`)
    expect(clientHello).toBe(`8f10${md5(serverNonce, clientNonce)}`)
  })

  await test.step('messages, a ping and the close go both ways', async () => {
    await sendText(page, 'Client', 'hello')
    await sendText(page, 'Server', 'hi there')
    await command(page, 'ping server are you there')
    await leaveInput(page)
    await page.keyboard.press('F5')
    await expect(row(page, 7)).toHaveAttribute('aria-label', /client to server, pong/)
    await expect(row(page, 7)).toHaveAttribute('data-phase', 'done')
    await command(page, 'close client')
    await leaveInput(page)
    await page.keyboard.press('F5')
    await expectStates(page, 'CLOSED', 'CLOSED')
    await page.getByRole('tab', { name: 'Messages' }).click()
    await expect(page.getByText('hi there').first()).toBeVisible()
  })

  await test.step('stepping back to the middle shows the world as it was there', async () => {
    await command(page, 'goto 5')
    await command(page, 'back 99')
    await leaveInput(page)
    await expectStates(page, 'AWAITING_RESPONSE', 'AWAITING_REQUEST')
    await expect(row(page, 0)).toHaveAttribute('data-phase', 'held')
    await page.keyboard.press('F10')
    await page.keyboard.press('F10')
    await expectStates(page, 'AWAITING_SERVER_HELLO', 'AWAITING_CLIENT_HELLO')
    await expect(row(page, 2)).toHaveAttribute('data-phase', 'held')
    await expect(page.getByTestId('ladder-row')).toHaveCount(3)
  })

  await test.step('forked with one digest byte changed, the client refuses, and the old branch stays', async () => {
    const good = await byteAt(194)
    const bad = (Number.parseInt(good, 16) ^ 0x01).toString(16).padStart(2, '0')
    await command(page, `edit server 194 --remove 1 --insert ${bad}`)
    await expect(byte(page, 194)).toHaveText(bad)
    await leaveInput(page)
    await page.keyboard.press('F10')
    await expectStates(page, 'FAILED', 'AWAITING_CLIENT_HELLO')
    await expect(row(page, 2)).toHaveAttribute('aria-label', /violation: hello\.digest/)
    await expect(page.getByTestId('fault-card')).toContainText(/digest/i)
    await page.getByRole('tab', { name: 'Sessions' }).click()
    await expect(page.getByTestId('open-run')).toHaveCount(2)
    await page.getByRole('tab', { name: 'Lab', exact: true }).click()
  })

  await test.step('saved and opened again, it is the same session', async () => {
    const path = `${folder}/saved.pcapng`
    const rows = await rowTexts()
    await command(page, `save ${path}`)
    await expect(page.getByTestId('announced')).toContainText('saved.pcapng')
    await command(page, `open ${path}`)
    await expect(page.getByTestId('announced')).toContainText('recorded')
    await command(page, 'end')
    await expectStates(page, 'FAILED', 'AWAITING_CLIENT_HELLO')
    expect(await rowTexts()).toEqual(rows)
    await row(page, 2).click()
    await expect(page.getByTestId('fault-card')).toContainText(/digest/i)
  })

  expect(app.problems).toEqual([])

  async function rowTexts(): Promise<string[]> {
    return page.getByTestId('ladder-row').evaluateAll((rows) => rows.map((one) => one.getAttribute('aria-label') ?? ''))
  }

  async function byteAt(offset: number): Promise<string> {
    return (await byte(page, offset).textContent()) ?? ''
  }

  async function laneHex(length: number): Promise<string> {
    return shownHex(page, 0, length)
  }
})

function md5(...nonces: [string, string]): string {
  const octets = Buffer.concat([Buffer.from(nonces[0], 'hex'), Buffer.from('WebSocket'), Buffer.from(nonces[1], 'hex')])
  return createHash('md5').update(octets).digest('hex')
}
