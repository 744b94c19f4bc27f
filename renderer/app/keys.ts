// Keys as the command table writes them, and what a pressed key is called there.
import { type CommandName, commandNamed, commandsOn } from '../../shared/commands/registry.ts'

export interface Pressed {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

/** `Shift+F10`, `Ctrl+K`, `?`. The command key of a Mac counts as Ctrl; Shift is not told of characters it made. */
export function nameOfKey(pressed: Pressed): string {
  const single = pressed.key.length === 1
  const key = single ? pressed.key.toUpperCase() : pressed.key
  const shift = pressed.shiftKey && !(single && !/[A-Z0-9]/.test(key))
  const parts = [(pressed.ctrlKey || pressed.metaKey) && 'Ctrl', pressed.altKey && 'Alt', shift && 'Shift', key]
  return parts.filter(Boolean).join('+')
}

const byKey = new Map<string, CommandName>(
  commandsOn('window').flatMap((name) => {
    const { key } = commandNamed(name)
    return key ? [[key, name] as const] : []
  }),
)

/** The command a key is bound to. Keys that type a character are left alone while something is typed into. */
export function commandForKey(pressed: Pressed, typing: boolean): CommandName | null {
  const key = nameOfKey(pressed)
  if (typing && key.length === 1) return null
  return byKey.get(key) ?? null
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable="true"]')
}

/**
 * Hears the keys of commands before anything in the page does, so that the terminal cannot swallow one.
 * @param take the command of a key that was pressed; false where it is not taken, and the key goes on
 * @returns its undo
 */
export function listenForCommands(take: (name: CommandName) => boolean): () => void {
  const whenPressed = (event: KeyboardEvent) => {
    const name = commandForKey(event, isTyping(event.target))
    if (name === null || !take(name)) return
    event.preventDefault()
    event.stopPropagation()
  }
  window.addEventListener('keydown', whenPressed, { capture: true })
  return () => window.removeEventListener('keydown', whenPressed, { capture: true })
}

/** As on the key caps of a button: `⇧F10`, `Ctrl K`. */
export function keyCap(key: string): string {
  return key.replace('Shift+', '⇧').replace('+', ' ')
}
