import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { stretch } from './recordings.ts'
import { answer, byte, command, expectStates, foot, leaveInput, lowerTab, openBothEnds, row } from './window.ts'

function caret(page: Page) {
  return page.locator('[data-testid="byte"][aria-selected="true"]')
}

function consoleText(page: Page) {
  return page.locator('.xterm-accessibility')
}

test('F10 lets a unit through, F11 a field, Shift+F11 a byte, and Shift+F10 steps back', async ({ app: { page } }) => {
  await page.keyboard.press('Shift+F11')
  await expect(row(page, 0)).toContainText('1 of 176 B')
  await page.keyboard.press('F11')
  await expect(row(page, 0)).toContainText('3 of 176 B')
  await page.keyboard.press('F10')
  await expect(row(page, 0)).toHaveAttribute('data-phase', 'done')
  await expectStates(page, 'AWAITING_RESPONSE', 'AWAITING_CLIENT_HELLO')
  await page.keyboard.press('Shift+F10')
  await expect(row(page, 0)).toHaveAttribute('data-phase', 'held')
  await expectStates(page, 'AWAITING_RESPONSE', 'AWAITING_REQUEST')
})

test('F5 runs until nothing is held', async ({ app: { page } }) => {
  await page.keyboard.press('F5')
  await expect(row(page, 3)).toHaveAttribute('data-phase', 'done')
  await expectStates(page, 'OPEN', 'OPEN')
  await expect(foot(page)).toHaveText('Nothing is held. Send something from an end.')
})

test('F6 pauses a record that plays, and the cursor stays where it was', async ({ app: { page, folder } }) => {
  const path = `${folder}/slow.pcapng`
  await openBothEnds(page)
  await command(page, `save ${path}`)
  await expect(answer(page)).toContainText('saved as')
  stretch(path)
  await command(page, `open ${path}`)
  await expect(answer(page)).toContainText('recorded')
  await command(page, 'start')
  await command(page, 'play --speed 0.1')
  await expect(page.getByRole('button', { name: 'Pause playing' })).toBeVisible()
  await leaveInput(page)
  await page.keyboard.press('F6')
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  await expect(foot(page)).toHaveText('Stepping goes on through the record.')
})

test('F9 sets a breakpoint at the unit whose turn it is', async ({ app: { page } }) => {
  await page.keyboard.press('F9')
  await expect(answer(page)).toHaveText('1  lane=client kind=request')
})

test.describe('the palette', () => {
  test('finds a command by what is typed, and Enter does it', async ({ app: { page } }) => {
    await page.keyboard.press('Control+k')
    await page.keyboard.type('step byte')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(row(page, 0)).toContainText('1 of 176 B')
  })

  test('leaves a command that needs more words on the prompt, to be finished', async ({ app: { page } }) => {
    await openBothEnds(page)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('send a message')
    await page.keyboard.press('Enter')
    await expect(consoleText(page)).toContainText('send')
    await page.keyboard.type('client text from the palette')
    await page.keyboard.press('Enter')
    await expect(row(page, 4)).toContainText('from the palette')
  })
})

test('? shows what every key does', async ({ app: { page } }) => {
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keys' })
  for (const key of ['F10', 'F11', '⇧F11', '⇧F10', 'F5', 'F6', 'F9', 'Ctrl K', 'Ctrl F', '?']) {
    await expect(help.getByText(key, { exact: true })).toBeVisible()
  }
})

test('Ctrl+F finds text on the lane, and Enter goes on to the next match', async ({ app: { page } }) => {
  await page.keyboard.press('F10')
  await expect(row(page, 0)).toHaveAttribute('data-phase', 'done')
  await page.keyboard.press('Control+f')
  await page.keyboard.type('Sec-WebSocket')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('search')).toContainText('At 0x')
  const first = await caret(page).getAttribute('data-offset')
  await page.keyboard.press('Enter')
  await expect(caret(page)).not.toHaveAttribute('data-offset', first ?? '')
  await page.keyboard.press('Shift+Enter')
  await expect(caret(page)).toHaveAttribute('data-offset', first ?? '')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('search')).toHaveCount(0)
})

test('Tab reaches every pane, and goes on from each', async ({ app: { page } }) => {
  const panes = [
    'Main',
    'Stepping',
    'Ladder',
    'Send from an end',
    'Bytes',
    'Bits',
    'Explain',
    'Timeline',
    'Lower panel',
    'Console',
    'Width of the ladder',
    'Height of the lower panel',
  ]
  const reached = new Set<string>()
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press('Tab')
    for (const label of await labelsAroundFocus(page)) reached.add(label)
  }
  expect([...reached]).toEqual(expect.arrayContaining(panes))
  await expect(consoleText(page)).not.toContainText('step unit')
})

test('Shift+Tab leaves the console with a line half typed', async ({ app: { page } }) => {
  await lowerTab(page, 'Console').click()
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type('step')
  await page.keyboard.press('Shift+Tab')
  expect(await labelsAroundFocus(page)).not.toContain('Console')
})

test('arrows pick units in the ladder, and every pane follows', async ({ app: { page } }) => {
  await openBothEnds(page)
  await page.getByTestId('ladder').focus()
  await page.keyboard.press('Home')
  await expect(row(page, 0)).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByTestId('explain-title')).toHaveText('Opening request')
  await page.keyboard.press('ArrowDown')
  await expect(row(page, 1)).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByTestId('explain-title')).toHaveText('Opening response')
  await page.keyboard.press('End')
  await expect(row(page, 3)).toHaveAttribute('aria-selected', 'true')
  await expect(byte(page, 176)).toBeVisible()
  await page.keyboard.press('ArrowUp')
  await expect(row(page, 2)).toHaveAttribute('aria-selected', 'true')
})

test('arrows move the caret over the bytes', async ({ app: { page } }) => {
  await page.getByTestId('hex').focus()
  for (const [key, offset] of [
    ['Home', 0],
    ['ArrowRight', 1],
    ['ArrowDown', 17],
    ['ArrowLeft', 16],
    ['ArrowUp', 0],
    ['End', 175],
  ] as const) {
    await page.keyboard.press(key)
    await expect(caret(page), key).toHaveAttribute('data-offset', String(offset))
  }
})

test('hex digits overwrite the held byte at the caret', async ({ app: { page } }) => {
  await page.getByTestId('hex').focus()
  await page.keyboard.press('Home')
  await expect(byte(page, 0)).toHaveText('47')
  await page.keyboard.type('50')
  await expect(byte(page, 0)).toHaveText('50')
  await expect(caret(page)).toHaveAttribute('data-offset', '1')
})

test.describe('Escape closes what is open and gives the focus back', () => {
  for (const [what, key] of [
    ['the palette', 'Control+k'],
    ['the key help', '?'],
  ] as const) {
    test(what, async ({ app: { page } }) => {
      const ladder = page.getByTestId('ladder')
      await ladder.focus()
      await page.keyboard.press(key)
      await expect(page.getByRole('dialog')).toBeVisible()
      await expect(ladder).not.toBeFocused()
      await page.keyboard.press('Escape')
      await expect(page.getByRole('dialog')).toHaveCount(0)
      await expect(ladder).toBeFocused()
    })
  }

  test('the menu of a unit', async ({ app: { page } }) => {
    await openBothEnds(page)
    await page.getByTestId('ladder').focus()
    await page.keyboard.press('Home')
    await expect(row(page, 0)).toHaveAttribute('aria-selected', 'true')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('menu')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('menu')).toHaveCount(0)
    // The focus comes back a moment after the menu is gone.
    await expect(page.locator('[data-testid="ladder"]:focus-within')).toHaveCount(1)
    await page.keyboard.press('ArrowDown')
    await expect(row(page, 1)).toHaveAttribute('aria-selected', 'true')
  })

  test('the find bar', async ({ app: { page } }) => {
    const hex = page.getByTestId('hex')
    await hex.focus()
    await page.keyboard.press('Control+f')
    await expect(page.getByRole('textbox', { name: 'Find on the lane' })).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(hex).toBeFocused()
  })
})

test.describe('what is typed does not step', () => {
  test('into a text box', async ({ app: { page } }) => {
    const content = page.getByRole('textbox', { name: 'Content' })
    await content.focus()
    await page.keyboard.type('0f?')
    await expect(content).toHaveValue('0f?')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(row(page, 0)).toHaveAttribute('data-phase', 'held')
    await expect(byte(page, 0)).toHaveText('47')
  })

  test('into the console', async ({ app: { page } }) => {
    await lowerTab(page, 'Console').click()
    await page.locator('.xterm-helper-textarea').focus()
    await page.keyboard.type('note 0f?')
    await expect(consoleText(page)).toContainText('note 0f?')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(row(page, 0)).toHaveAttribute('data-phase', 'held')
    await expect(byte(page, 0)).toHaveText('47')
  })
})

/** Labels of what is focused and of all around it. */
function labelsAroundFocus(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const labels: string[] = []
    for (let element = document.activeElement; element; element = element.parentElement) {
      const label = element.getAttribute('aria-label')
      if (label) labels.push(label)
    }
    return labels
  })
}
