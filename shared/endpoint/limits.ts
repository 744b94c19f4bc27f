import { longestMessage, type ProfileId } from '../profile/prototype2010.ts'
import type { Limits } from './types.ts'

/** No draft sets limits; these are far above what any sample needs. */
export const defaultLimits: Limits = { head: 16384, message: 64 * 1024 * 1024 }

/** The limits of an end that keeps to a profile: a longer message is refused at its length, before it is all there. */
export function limitsOf(profile: ProfileId | undefined): Limits {
  return profile ? { ...defaultLimits, message: longestMessage } : defaultLimits
}
