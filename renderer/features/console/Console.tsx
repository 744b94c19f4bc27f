import { useEffect, useRef, useState } from 'react'
import { useSession, useWorld } from '../../state/context.ts'
import type { Session } from '../../state/session.ts'
import { type ConsoleTerminal, createTerminal, fontSize } from './terminal.ts'
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

/** The terminal measures its cells once, so the typeface has to be there before it is. */
function useMonoLoaded(): boolean {
  const [loaded, setLoaded] = useState(false)
  useEffect(() => {
    const font = getComputedStyle(document.documentElement).getPropertyValue('--mono')
    void document.fonts.load(`${fontSize}px ${font}`).finally(() => setLoaded(true))
  }, [])
  return loaded
}

/** Every command as a line, with history and completion. Buttons write here what they did. */
export function Console() {
  const session = useSession()
  const draft = useWorld((world) => world.draft)
  const box = useRef<HTMLDivElement>(null)
  const [terminal, setTerminal] = useState<ConsoleTerminal | null>(null)
  const loaded = useMonoLoaded()
  useEffect(() => {
    if (!box.current || !loaded) return
    const mounted = mount(box.current, session)
    setTerminal(mounted.terminal)
    return mounted.unmount
  }, [session, loaded])
  useEffect(() => {
    if (draft === null || !terminal) return
    terminal.draft(draft)
    session.show({ draft: null })
  }, [draft, terminal, session])
  return <section ref={box} className="console" aria-label="Console" data-testid="console" />
}
