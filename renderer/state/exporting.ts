// What is said of an export while it goes on.
import type { Exporting } from '../../shared/ipc/contract.ts'

const words: Readonly<Record<Exporting['stage'], string>> = {
  looking: 'looking for what is to be blanked',
  picking: 'taking what is wanted',
  writing: 'writing',
}

export function exportingSays({ path, stage, done, of }: Exporting): string {
  const share = of > 0 ? `, ${Math.floor((100 * done) / of)}%` : ''
  return `Exporting to ${path.split(/[\\/]/).at(-1)}: ${words[stage]}${share}.`
}
