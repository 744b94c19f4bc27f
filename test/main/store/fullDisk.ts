// A disk that gets full. One cannot be had for real without mounting it, so writing is watched: a test has
// `vi.mock('node:fs', async (original) => (await import('…/fullDisk.ts')).fsOfDisk(original))`.

/** Bytes that still fit. */
export const disk = { room: Number.POSITIVE_INFINITY }

export async function fsOfDisk(importOriginal: <Module>() => Promise<Module>) {
  const fs = await importOriginal<typeof import('node:fs')>()
  return {
    ...fs,
    writeSync(file: number, data: Uint8Array, offset: number, length: number, position: number): number {
      if (disk.room === 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
      const count = fs.writeSync(file, data, offset, Math.min(length, disk.room), position)
      disk.room -= count
      return count
    },
  }
}
