import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import {
  answer,
  command,
  expectStates,
  foot,
  leaveInput,
  lowerTab,
  openBothEnds,
  pickDialect,
  pickFromRow,
  row,
  sendText,
} from './window.ts'

async function breakAt(page: Page, condition: string): Promise<void> {
  await command(page, `break add ${condition}`)
  await expect(answer(page)).toContainText(condition)
  await leaveInput(page)
}

async function run(page: Page): Promise<void> {
  await page.keyboard.press('F5')
}

/** The unit at `index` is held before its first byte, and the window says which breakpoint holds it. */
async function expectHeldBy(page: Page, index: number, breakpoint: string): Promise<void> {
  await expect(foot(page)).toHaveText(`Stopped by breakpoint ${breakpoint}.`)
  await expect(row(page, index)).toHaveAttribute('data-phase', 'held')
  if (index > 0) await expect(row(page, index - 1)).toHaveAttribute('data-phase', 'done')
}

test('a run stops before the first byte of what meets a breakpoint, says why, and goes on from there', async ({
  app: { page },
}) => {
  await breakAt(page, 'opcode=text')
  await openBothEnds(page)
  await command(page, 'ping client')
  await sendText(page, 'Client', 'one')
  await sendText(page, 'Client', 'two')
  await leaveInput(page)
  await run(page)
  await expectHeldBy(page, 5, '1: opcode=text')
  await expect(row(page, 5)).toContainText('one')
  await run(page)
  await expectHeldBy(page, 6, '1: opcode=text')
  await run(page)
  await expect(row(page, 6)).toHaveAttribute('data-phase', 'done')
  await expect(foot(page)).not.toContainText('Stopped')
})

test('a breakpoint that is off or removed does not hold', async ({ app: { page } }) => {
  await breakAt(page, 'opcode=hello')
  await command(page, 'break toggle 1')
  await expect(answer(page)).toContainText('(off)')
  await breakAt(page, 'kind=response')
  await command(page, 'break remove 2')
  await expect(answer(page)).not.toContainText('kind=response')
  await leaveInput(page)
  await openBothEnds(page)
  await expect(row(page, 3)).toHaveAttribute('data-phase', 'done')
})

for (const [condition, index, why] of [
  ['lane=server', 1, 'the first unit the server sends'],
  ['kind=response', 1, 'the response'],
  ['opcode=hello lane=client', 3, "the client's Hello, not the server's"],
  ['size=16', 3, 'the one payload of 16 bytes'],
  ['/HTTP\\/1\\.[01] 101/', 1, 'what matches the pattern'],
  ['"Sec-WebSocket-Nonce"', 0, 'what has the text in it'],
  ['state=client:OPEN', 2, 'what takes the client to OPEN'],
  ['state=server:OPEN', 3, 'what takes the server to OPEN'],
] as const) {
  test(`${condition} holds ${why}`, async ({ app: { page } }) => {
    await breakAt(page, condition)
    await run(page)
    await expectHeldBy(page, index, `1: ${condition}`)
  })
}

test('fault=hello.digest holds the Hello that would be refused', async ({ app: { page } }) => {
  await breakAt(page, 'fault=hello.digest')
  await page.keyboard.press('F10')
  await page.keyboard.press('F10')
  await expect(row(page, 2)).toHaveAttribute('data-phase', 'held')
  await command(page, 'edit server 194 --remove 1 --insert 00')
  await leaveInput(page)
  await run(page)
  await expectHeldBy(page, 2, '1: fault=hello.digest')
  await expectStates(page, 'AWAITING_SERVER_HELLO', 'AWAITING_CLIENT_HELLO')
  await page.keyboard.press('F10')
  await expectStates(page, 'FAILED', 'AWAITING_CLIENT_HELLO')
})

test('size>=126 and a pattern look at what is under the mask', async ({ app: { page } }) => {
  await pickDialect(page, 'RFC 6455')
  await openBothEnds(page)
  await breakAt(page, '/needle/ size>=126')
  await sendText(page, 'Client', 'needle')
  await sendText(page, 'Client', `${'hay '.repeat(40)}needle`)
  await leaveInput(page)
  await run(page)
  await expectHeldBy(page, 3, '1: /needle/ size>=126')
})

test('F9 breaks at units like the one that is selected', async ({ app: { page } }) => {
  await openBothEnds(page)
  await sendText(page, 'Client', 'one')
  await leaveInput(page)
  await row(page, 4).click()
  await page.keyboard.press('F9')
  await expect(answer(page)).toHaveText(/^1 {2}lane=client kind=frame opcode=text/)
  await run(page)
  await expect(foot(page)).toContainText('Stopped by breakpoint 1')
  await expect(row(page, 4)).toHaveAttribute('data-phase', 'held')
})

test("a unit's menu breaks at units like it", async ({ app: { page } }) => {
  await openBothEnds(page)
  await pickFromRow(page, 2, 'Break at units like this')
  await expect(answer(page)).toHaveText(/^1 {2}lane=server kind=frame opcode=hello/)
  await command(page, 'start')
  await leaveInput(page)
  await run(page)
  await expectHeldBy(page, 2, '1: lane=server kind=frame opcode=hello')
})

test('what is no condition is refused with a sentence', async ({ app: { page } }) => {
  for (const [condition, says] of [
    ['opcode=texd', /^"texd" at column 8 is no opcode: .*text.*\.$/],
    ['colour=red', /^"colour" at column 1 is no condition: .*\.$/],
    ['/(/', /^The pattern \/\(\/ at column 1 cannot be used: .*\.$/],
    ['size>=big', /^"big" at column 7 is no size: write 126, in whole bytes\.$/],
  ] as const) {
    await command(page, `break add ${condition}`)
    await expect(answer(page), condition).toHaveText(says)
  }
  await command(page, 'break list')
  await expect(answer(page)).toContainText('There are no breakpoints')
})

test('the panel adds breakpoints, switches them off and on, and removes them', async ({ app: { page } }) => {
  await lowerTab(page, 'Breakpoints').click()
  const condition = page.getByRole('textbox', { name: 'Condition' })
  const shown = page.getByTestId('breakpoint')

  await condition.fill('opcode=texd')
  await condition.press('Enter')
  await expect(page.getByRole('form', { name: 'Add a breakpoint' }).getByRole('alert')).toHaveText(
    /^"texd" at column 8 is no opcode/,
  )
  await condition.fill('kind=response')
  await condition.press('Enter')
  await condition.fill('opcode=hello')
  await condition.press('Enter')
  await expect(shown).toHaveText([/kind=response/, /opcode=hello/])

  await page.getByRole('switch', { name: 'Breakpoint 1' }).click()
  await expect(page.getByRole('switch', { name: 'Breakpoint 1' })).not.toBeChecked()
  await run(page)
  await expectHeldBy(page, 2, '2: opcode=hello')
  await expect(shown.filter({ hasText: 'stopped here' })).toContainText('opcode=hello')

  await page.getByRole('button', { name: 'Remove breakpoint 2' }).click()
  await expect(shown).toHaveCount(1)
  await run(page)
  await expectStates(page, 'OPEN', 'OPEN')

  await page.getByRole('switch', { name: 'Breakpoint 1' }).click()
  await expect(page.getByRole('switch', { name: 'Breakpoint 1' })).toBeChecked()
  await command(page, 'start')
  await leaveInput(page)
  await run(page)
  await expectHeldBy(page, 1, '1: kind=response')
})
