import { useState } from 'react'
import type { SampleView } from '../../../shared/ipc/contract.ts'
import { createTurns } from '../../bridge/turns.ts'
import { Pane } from './Pane.tsx'

/** One viewer. */
export function Quotes({ sample }: { readonly sample: SampleView }) {
  const [turns] = useState(createTurns)
  return (
    <div className="clients one">
      <Pane {...{ sample, turns }} title="Viewer" name="Viewer" />
    </div>
  )
}
