import { useEffect, useRef } from 'react'
import { useSession, useWorld } from '../../state/context.ts'
import type { Session } from '../../state/session.ts'
import { type ConsoleTerminal, createTerminal } from './terminal.ts'
import './console.css'

function historyOf({ transcript }: Session): readonly string[] {
  const lines = transcript.entries.flatMap((entry) => (entry.kind === 'echo' ? [entry.line] : []))
  return lines.filter((line, index) => line !== lines[index - 1])
}

/** Makes the terminal, fills it with what was said so far, and keeps it as large as its box. */
function mount(box: HTMLElement, session: Session): { terminal: ConsoleTerminal; unmount: () => void } {
  const terminal = createTerminal(box, {
    enter: (line) => void session.send(line, { own: true }),
    complete: async (line) => {
      const answer = await session.bridge.request('complete', { line })
      return answer.ok ? answer.value : null
    },
    history: () => historyOf(session),
  })
  for (const entry of session.transcript.entries) terminal.add(entry)
  const unwatch = session.transcript.watch(terminal.add)
  const sizes = new ResizeObserver(() => box.clientHeight > 0 && terminal.fit())
  const themes = new MutationObserver(terminal.recolour)
  sizes.observe(box)
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  const unmount = () => {
    unwatch()
    sizes.disconnect()
    themes.disconnect()
    terminal.dispose()
  }
  return { terminal, unmount }
}

/** Every command as a line, with history and completion. Buttons write here what they did. */
export function Console() {
  const session = useSession()
  const draft = useWorld((world) => world.draft)
  const box = useRef<HTMLDivElement>(null)
  const terminal = useRef<ConsoleTerminal>(null)
  useEffect(() => {
    if (!box.current) return
    const mounted = mount(box.current, session)
    terminal.current = mounted.terminal
    return mounted.unmount
  }, [session])
  useEffect(() => {
    if (draft === null) return
    terminal.current?.draft(draft)
    session.show({ draft: null })
  }, [draft, session])
  return <section ref={box} className="console" aria-label="Console" data-testid="console" />
}
