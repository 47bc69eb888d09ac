import { defineConfig } from 'vitest/config'
import { ClosingLine } from './test/support/closing-line.ts'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // On a machine that is busy with other things a page may need a while.
    expect: { poll: { timeout: 60_000 } },
    reporters: ['dot', new ClosingLine()],
    globalSetup: ['test/support/global-setup.ts'],
  },
})
