import { expect, test } from 'vitest'
import { called, calledFrom } from './called.ts'

test('a checkout is called by its launcher, an installed package by its name', () => {
  expect(calledFrom('file:///home/ann/countersign/src/lib/called.ts')).toBe('./countersign')
  expect(calledFrom('file:///usr/lib/node_modules/countersign/dist/lib/called.js')).toBe('countersign')
  expect(called).toBe('./countersign')
})
