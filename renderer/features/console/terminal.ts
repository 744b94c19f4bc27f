// The terminal behind one function: entries in, lines out. Nothing else in the window touches xterm.
import { FitAddon } from '@xterm/addon-fit'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import type { Entry } from '../../state/transcript.ts'
import { ansiLine, prompt, promptWidth, terminalTheme, withoutControls } from './colours.ts'
import { commonStart, emptyLine, keystroke, type Line, lineWith, replaceIn } from './lineEditor.ts'
import { withStyleSheets } from './styleSheets.ts'

export interface Completion {
  readonly from: number
  readonly options: readonly string[]
}

export interface ConsoleTerminal {
  add(entry: Entry): void
  /** Puts text on the prompt, to be finished. */
  draft(text: string): void
  fit(): void
  recolour(): void
  focus(): void
  dispose(): void
}

interface Hooks {
  readonly enter: (line: string) => void
  readonly complete: (line: string) => Promise<Completion | null>
  readonly history: () => readonly string[]
}

/** Pixels. */
export const fontSize = 12.5

function pageToken(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

function openTerminal(box: HTMLElement) {
  const terminal = new Terminal({
    fontFamily: pageToken('--mono'),
    fontSize,
    lineHeight: 1.25,
    cursorBlink: false,
    cursorStyle: 'block',
    screenReaderMode: true,
    scrollback: 5000,
    theme: terminalTheme(pageToken),
  })
  const fitting = new FitAddon()
  terminal.loadAddon(fitting)
  withStyleSheets(document, () => terminal.open(box))
  return { terminal, fitting }
}

/** Cells of a text on the terminal's grid; every character of the prompt's line counts one. */
function cellsOf(text: string): number {
  return Array.from(text).length
}

/** A terminal in the box, with a prompt, history and completion. */
export function createTerminal(box: HTMLElement, hooks: Hooks): ConsoleTerminal {
  const { terminal, fitting } = openTerminal(box)
  let line: Line = emptyLine
  /** Rows between the prompt's first row and the row the caret was drawn in. */
  let caretRow = 0

  function erasePrompt(): string {
    return `${caretRow > 0 ? `\x1b[${caretRow}A` : ''}\r\x1b[J`
  }

  function drawPrompt(): string {
    const end = promptWidth + cellsOf(line.text)
    const caret = promptWidth + cellsOf(line.text.slice(0, line.caret))
    const endRow = Math.floor(end / terminal.cols)
    caretRow = Math.floor(caret / terminal.cols)
    const wrap = end % terminal.cols === 0 ? ' \b' : ''
    const up = endRow > caretRow ? `\x1b[${endRow - caretRow}A` : ''
    return `${prompt}${withoutControls(line.text)}${wrap}${up}\r\x1b[${(caret % terminal.cols) + 1}G`
  }

  function show(next: Line) {
    const erase = erasePrompt()
    line = next
    terminal.write(erase + drawPrompt())
  }

  function print(text: string) {
    const erase = erasePrompt()
    terminal.write(`${erase}${text}\r\n${drawPrompt()}`)
  }

  async function complete() {
    const before = line
    const found = await hooks.complete(line.text.slice(0, line.caret))
    if (!found || found.options.length === 0 || before !== line) return
    const [only = '', ...others] = found.options
    const typed = line.text.slice(found.from, line.caret)
    const start = others.length === 0 ? `${only} ` : commonStart(found.options)
    if (start.length > typed.length) show(replaceIn(line, found.from, line.caret, start))
    else print(`\x1b[90m${found.options.map(withoutControls).join('   ')}\x1b[0m`)
  }

  function take(data: string) {
    const stroke = keystroke(line, data, hooks.history())
    switch (stroke.kind) {
      case 'changed':
        return show(stroke.line)
      case 'complete':
        return void complete()
      case 'clear':
        return terminal.clear()
      case 'cancel':
        return show(emptyLine)
      case 'enter':
        show(emptyLine)
        if (stroke.text.trim() !== '') hooks.enter(stroke.text.trim())
    }
  }

  terminal.onData(take)
  // On an empty line Tab leads on to the next control: the keyboard has to come out of here again (WCAG 2.1.2).
  terminal.attachCustomKeyEventHandler(({ key, shiftKey }) => key !== 'Tab' || (line.text !== '' && !shiftKey))
  terminal.onResize(() => show(line))
  terminal.write(drawPrompt())
  return {
    add(entry) {
      print(entry.kind === 'echo' ? prompt + withoutControls(entry.line) : entry.lines.map(ansiLine).join('\r\n'))
      // Whoever just did something wants to see what came of it, wherever they had scrolled to.
      if (entry.kind === 'echo') terminal.scrollToBottom()
    },
    draft(text) {
      show(lineWith(text))
      terminal.focus()
    },
    fit: () => fitting.fit(),
    recolour: () => {
      terminal.options.theme = terminalTheme(pageToken)
    },
    focus: () => terminal.focus(),
    dispose: () => terminal.dispose(),
  }
}
