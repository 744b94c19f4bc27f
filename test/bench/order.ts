import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Always the same order, by name, so that every report has it. */
export default class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.sort((a, b) => a.moduleId.localeCompare(b.moduleId))
  }
}
