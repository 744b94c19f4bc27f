// What a window is told apart by in a task bar or among tabs: the run that it shows.
import { useEffect } from 'react'
import { useWorld } from '../state/context.ts'

export function useWindowTitle(): void {
  const shown = useWorld((world) => world.run?.title)
  useEffect(() => {
    document.title = shown ? `${shown} – Wirestep` : 'Wirestep'
  }, [shown])
}
