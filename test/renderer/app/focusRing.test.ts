import { expect, it } from 'vitest'
import { movesFocus } from '../../../renderer/app/focusRing.ts'

it('the focus ring comes back with keys that move the focus, and not with those that step or type', () => {
  expect(['Tab', 'ArrowDown', 'Home', 'End', 'Escape'].filter((key) => !movesFocus({ key }))).toEqual([])
  expect(['F10', 'F5', 'a', 'Enter', 'Shift', 'Control'].filter((key) => movesFocus({ key }))).toEqual([])
})
