// What the window reads before anybody asked for it.
import { expect, test } from './app.ts'

test('the window opens on the lab, and reads the other tabs when they are first shown', async ({ app: { page } }) => {
  const read = () =>
    page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => /(\w+)-[\w-]+\.js$/.exec(name)?.[1])
        .filter((name) => name === 'CompareTab' || name === 'SamplesTab' || name === 'Sessions'),
    )
  expect(await read()).toEqual([])
  await page.getByRole('tab', { name: 'Samples' }).click()
  await expect(page.getByRole('button', { name: 'Start' }).first()).toBeVisible()
  expect(await read()).toContain('SamplesTab')
})
