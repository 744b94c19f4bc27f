import { ListFilter, X } from 'lucide-react'
import { type FormEvent, useEffect, useState } from 'react'
import { useAnswer, useSession, useWorld } from '../../state/context.ts'
import { Button } from '../../ui/Button.tsx'
import { Refusal } from '../../ui/Form.tsx'
import { filterLine, filterSays } from './filter.ts'

/** How many units the filter shows, as far as was searched. */
function useCount(): string {
  const run = useWorld((world) => world.run)
  const asked = useAnswer('matches', run?.filter ? { run: run.id, from: 0, count: 1 } : null)
  if (!run?.filter || !asked.answer) return ''
  return filterSays(run.filter, asked.answer.total)
}

/** Shows only the units that match what is typed. */
export function FilterBar() {
  const session = useSession()
  const filter = useWorld((world) => world.run?.filter?.text ?? null)
  const open = useWorld((world) => world.run !== null)
  const [typed, setTyped] = useState(filter ?? '')
  const [refusal, setRefusal] = useState<string | null>(null)
  const says = useCount()
  // The console sets it too.
  useEffect(() => setTyped(filter ?? ''), [filter])
  const apply = async (text: string) => {
    const outcome = await session.send(filterLine(text), { own: true })
    setRefusal(outcome.ok ? null : outcome.error)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void apply(typed)
  }
  const clear = () => {
    setTyped('')
    void apply('')
  }
  if (!open) return null
  return (
    <form className={`filter-bar${filter === null ? '' : ' on'}`} onSubmit={submit}>
      <ListFilter size={14} aria-hidden="true" />
      <input
        className="input"
        aria-label="Filter the ladder"
        aria-invalid={refusal !== null}
        placeholder="Filter, such as opcode text"
        value={typed}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && clear()}
      />
      <output>{says}</output>
      {filter !== null && <Button look="small icon" aria-label="Show all units" icon={<X />} onClick={clear} />}
      <Refusal>{refusal}</Refusal>
    </form>
  )
}
