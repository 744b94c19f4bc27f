import type { Limits } from './types.ts'

/** No draft sets limits; these are far above what any sample needs. */
export const defaultLimits: Limits = { head: 16384, message: 64 * 1024 * 1024 }
