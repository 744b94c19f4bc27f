import { describe, expect, it } from 'vitest'
import {
  commonStart,
  emptyLine,
  keystroke,
  type Line,
  lineWith,
  replaceIn,
} from '../../../../renderer/features/console/lineEditor.ts'

const history = ['lab hello-00', 'step unit']

/** Types keys one after the other. */
function type(keys: readonly string[], from: Line = emptyLine): Line {
  let line = from
  for (const key of keys) {
    const stroke = keystroke(line, key, history)
    if (stroke.kind === 'changed') line = stroke.line
  }
  return line
}

const [left, right, up, down, backspace] = ['\x1b[D', '\x1b[C', '\x1b[A', '\x1b[B', '\x7f']

describe('the line being typed', () => {
  it('takes characters where the caret is', () => {
    expect(type(['s', 'e', 't', left, left, 'x'])).toMatchObject({ text: 'sxet', caret: 2 })
  })

  it.each([
    ['Backspace', [backspace], 'step uni'],
    ['Delete at the start', ['\x1b[H', '\x1b[3~'], 'tep unit'],
    ['Ctrl+W', ['\x17'], 'step '],
    ['Ctrl+U', ['\x15'], ''],
    ['Home then a letter', ['\x01', 'x'], 'xstep unit'],
    ['End then a letter', ['\x01', '\x05', 'x'], 'step unitx'],
  ])('is changed by %s', (_, keys, text) => {
    expect(type(keys, lineWith('step unit')).text).toBe(text)
  })

  it('keeps an emoji whole', () => {
    expect(type(['🙂', backspace]).text).toBe('')
    expect(type(['🙂', left, 'x']).text).toBe('x🙂')
    expect(type(['🙂', left, right, 'x']).text).toBe('🙂x')
  })

  it('goes through the history and comes back to what was being typed', () => {
    expect(type(['d', 'r', up]).text).toBe('step unit')
    expect(type(['d', 'r', up, up]).text).toBe('lab hello-00')
    expect(type(['d', 'r', up, up, up, down, down]).text).toBe('dr')
  })

  it('makes one line of a pasted text, so that nothing runs before Enter', () => {
    expect(type(['step unit\r\nstep byte\x00']).text).toBe('step unit step byte')
  })

  it('is not changed by keys that mean nothing here', () => {
    expect(type(['a', '\x1b[15~', '\x1bOP'])).toMatchObject({ text: 'a', caret: 1 })
  })

  it('is handed over by Enter', () => {
    expect(keystroke(lineWith('back'), '\r', history)).toEqual({ kind: 'enter', text: 'back' })
  })

  it('is completed in its middle', () => {
    expect(replaceIn({ ...lineWith('ste unit'), caret: 3 }, 0, 3, 'step')).toMatchObject({
      text: 'step unit',
      caret: 4,
    })
  })
})

it('options share what all of them begin with', () => {
  expect(commonStart(['break add', 'break here'])).toBe('break ')
  expect(commonStart(['lab', 'step'])).toBe('')
  expect(commonStart([])).toBe('')
})
