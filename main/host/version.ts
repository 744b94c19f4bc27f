import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { packageFolder } from './paths.ts'

const manifest = z.object({ version: z.string() })

/** As in package.json. */
export const version = manifest.parse(JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'))).version
