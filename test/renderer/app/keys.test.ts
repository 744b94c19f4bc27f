import { describe, expect, it } from 'vitest'
import { commandForKey, keyCap, nameOfKey } from '../../../renderer/app/keys.ts'

const plain = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false }

describe('keys', () => {
  it.each([
    [{ key: 'F10' }, 'step unit'],
    [{ key: 'F10', shiftKey: true }, 'back'],
    [{ key: 'F11' }, 'step field'],
    [{ key: 'F11', shiftKey: true }, 'step byte'],
    [{ key: 'F5' }, 'run'],
    [{ key: 'F6' }, 'pause'],
    [{ key: 'F9' }, 'break here'],
    [{ key: 'k', ctrlKey: true }, 'palette'],
    [{ key: 'k', metaKey: true }, 'palette'],
    [{ key: 'f', ctrlKey: true }, 'find'],
    [{ key: '?', shiftKey: true }, 'keys'],
    [{ key: 'F10', altKey: true }, null],
    [{ key: 'k' }, null],
  ])('%o does %s', (pressed, name) => {
    expect(commandForKey({ ...plain, ...pressed }, false)).toBe(name)
  })

  it('leaves characters to what is typed into, but not function keys', () => {
    expect(commandForKey({ ...plain, key: '?', shiftKey: true }, true)).toBeNull()
    expect(commandForKey({ ...plain, key: 'F10' }, true)).toBe('step unit')
  })

  it('are named as in the command table and drawn as on a key cap', () => {
    expect(nameOfKey({ ...plain, key: 'F11', shiftKey: true })).toBe('Shift+F11')
    expect([keyCap('Shift+F11'), keyCap('Ctrl+K')]).toEqual(['⇧F11', 'Ctrl K'])
  })
})
