// Numbers as people read them.

/** `13 B`, `1.5 KiB`, `64 MiB`. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(units.length, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${value >= 100 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} ${units[power - 1]}`
}

/** Milliseconds as `0.412 ms`, `12.0 ms`, `3.20 s` or `2:05.0`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(3)} ms`
  if (milliseconds < 1000) return `${milliseconds.toFixed(1)} ms`
  const seconds = milliseconds / 1000
  if (seconds < 60) return `${seconds.toFixed(2)} s`
  return `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, '0')}`
}

/** `0x00a6`: at least four digits, as many as `longest` needs. */
export function formatOffset(offset: number, longest = 0): string {
  return `0x${hexDigits(offset, longest)}`
}

export function hexDigits(offset: number, longest: number): string {
  const width = Math.max(4, longest.toString(16).length)
  return offset.toString(16).padStart(width, '0')
}

export function formatCount(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}
