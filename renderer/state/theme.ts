// Which colours are on: the person's choice, or the system's.
import { useSyncExternalStore } from 'react'
import { useWorld } from './context.ts'

export type Theme = 'dark' | 'light'

const systemLight = window.matchMedia('(prefers-color-scheme: light)')

function watchSystem(listener: () => void): () => void {
  systemLight.addEventListener('change', listener)
  return () => systemLight.removeEventListener('change', listener)
}

export function useTheme(): Theme {
  const chosen = useWorld((world) => world.app?.settings.theme ?? 'system')
  const light = useSyncExternalStore(watchSystem, () => systemLight.matches)
  if (chosen !== 'system') return chosen
  return light ? 'light' : 'dark'
}
