import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import type { SampleView } from '../../../shared/ipc/contract.ts'
import { createTurns } from '../../bridge/turns.ts'
import { Button } from '../../ui/Button.tsx'
import { Pane } from './Pane.tsx'

const names = ['Ann', 'Bob', 'Cleo', 'Dan'] as const

/** A room with two guests, and up to four. Each comes when the one before has, as their connections are numbered. */
export function Chat({ sample }: { readonly sample: SampleView }) {
  const [turns] = useState(createTurns)
  const [count, setCount] = useState(2)
  const [settled, setSettled] = useState(0)
  return (
    <div className="clients">
      {names.slice(0, count).map((name, index) => (
        <Pane
          key={name}
          {...{ sample, turns, name }}
          title={`Guest ${index + 1}`}
          waits={index > settled}
          onSettled={() => setSettled((now) => Math.max(now, index + 1))}
        />
      ))}
      {count < names.length && (
        <Button look="outlined clients-more" icon={<UserPlus />} onClick={() => setCount(count + 1)}>
          One more guest
        </Button>
      )}
    </div>
  )
}
