/** Who gets a bundle, and what the command line makes of the file: on another machine, with no server, by exit code. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Bundle } from '../../src/client/index.ts'
import { formatVerifierKey } from '../../src/log/index.ts'
import { spellBundle } from '../../src/proof/index.ts'
import { openSurface, type Surface, yes } from '../api/support/surface.ts'
import { heard } from '../cli/support/context.ts'
import { termsFor } from '../support/life.ts'
import { scratchFolder } from '../support/scratch-folder.ts'
import { type SealedWorld, sealedWorld } from './support/sealing.ts'

const scratch = scratchFolder('bundle')
const at = (name: string) => join(scratch.folder, name)
let surface: Surface
let it: SealedWorld
let waiver: string
let bundle: Bundle
let key: string

beforeAll(async () => {
  surface = await openSurface()
  it = await sealedWorld(surface.world)
  key = formatVerifierKey(it.signer.key)
  waiver = (await surface.world.must('per_asker', { type: 'request', terms: termsFor() })).id
  await surface.world.countersign('per_sam', waiver)
  await it.seal()
  await it.seal()
  bundle = yes(await surface.client('per_rae').bundle(waiver))
  await writeFile(at('good.json'), spellBundle(bundle))
})
afterAll(() => scratch.dispose())

describe('GET /v1/waivers/:waiver/bundle', () => {
  test('is for those who may see paths and settings, and never for the asking side', async () => {
    for (const who of ['per_asker', 'per_mate', 'per_owner', 'wl_bot', 'per_nobody']) {
      const { status, body } = await surface.get(who, `/v1/waivers/${waiver}/bundle`)
      expect([403, 404], who).toContain(status)
      expect(JSON.stringify(body), who).not.toContain('bundle/v1')
    }
    expect((await surface.get('', `/v1/waivers/${waiver}/bundle`)).status).toBe(401)
    expect(bundle).toMatchObject({ countersign: 'bundle/v1', waiver, log: { key } })
  })

  test('leaves out who is who when asked to, and nothing else', async () => {
    const without = yes(await surface.client('per_rae').bundle(waiver, { directory: false }))
    const kept = Object.keys(without.revisions)
    const left = Object.keys(bundle.revisions).filter((digest) => !kept.includes(digest))
    expect(left.map((digest) => Object.keys(bundle.revisions[digest] as object))).toEqual([
      expect.arrayContaining(['nodes', 'relations']),
    ])
    expect({ ...without, revisions: {} }).toEqual({ ...bundle, revisions: {} })
  })

  test('asks for a second’s patience while the newest event has no leaf', async () => {
    await surface.world.countersign('per_asker', waiver)
    const { status, body, headers } = await surface.get('per_rae', `/v1/waivers/${waiver}/bundle`)
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'not-sealed', '1'])
  })
})

describe('countersign bundle', () => {
  test('writes the file for its owner alone, says how to check it, and never writes over another', async () => {
    const answers = { [`/v1/waivers/${waiver}/bundle`]: bundle }
    const ran = await heard(['bundle', waiver, '--to', at('written.json')], { answers })
    expect(ran.exit).toBe(0)
    expect(ran.out).toContain(`--key ${key}`)
    expect(await readFile(at('written.json'), 'utf8')).toBe(spellBundle(bundle))
    const again = await heard(['bundle', waiver, '--to', at('written.json')], { answers })
    expect([again.exit, again.err]).toEqual([2, expect.stringContaining('is there already')])
  })
})

describe('countersign verify', () => {
  const verify = (...words: string[]) => heard(['verify', ...words], { columns: 100 })

  test('ends with 0 when everything is proven, asks nobody, and says by which key', async () => {
    const ran = await verify(at('good.json'), '--key', key)
    expect([ran.exit, ran.err, ran.sent]).toEqual([0, '', []])
    expect(ran.out).toContain(`proven: ${waiver}, countersigned`)
    expect(ran.out).toContain('given beforehand')
    expect(ran.out).toMatch(/follows .*asked/)
    expect(ran.out).not.toContain('NOT proven')
  })

  test('takes the key from a file, as it stands in one', async () => {
    await writeFile(at('key'), `# of the bank\n${key}\n`)
    expect((await verify(at('good.json'), '--key', at('key'))).exit).toBe(0)
    expect((await verify(at('good.json'), '--key', at('good.json'))).exit).toBe(2)
    expect((await verify(at('good.json'), '--key', at('nowhere'))).err).toContain('neither a verifier key')
  })

  test('without a key it says whose word it takes, in words and for programs', async () => {
    const ran = await verify(at('good.json'))
    expect([ran.exit, ran.out.replaceAll(/\s+/g, ' ')]).toEqual([
      0,
      expect.stringContaining('whose log this is was NOT proven'),
    ])
    const json = JSON.parse((await verify(at('good.json'), '--json')).out)
    expect(json).toMatchObject({ outcome: 'proven', keyNamedBy: 'bundle', waiver })
  })

  test('ends with 1 when something does not hold, and names it', async () => {
    const event = bundle.events[1] as Bundle['events'][number]
    const bent = {
      ...bundle,
      events: bundle.events.map((one) => (one === event ? { ...one, by: 'per_somebody' } : one)),
    }
    await writeFile(at('bent.json'), spellBundle(bent))
    const ran = await verify(at('bent.json'), '--key', key)
    expect(ran.exit).toBe(1)
    expect(ran.out).toContain(`(leaf ${event.index})`)
    expect(ran.out).toContain('DISPROVEN: leaves')
    expect(JSON.parse((await verify(at('bent.json'), '--json')).out)).toMatchObject({
      outcome: 'disproven',
      steps: expect.arrayContaining([expect.objectContaining({ name: 'leaves', index: event.index })]),
    })
    await writeFile(at('bytes.json'), Buffer.from([0x7b, 0xff, 0x7d]))
    expect((await verify(at('bytes.json'))).exit).toBe(1)
  })

  test('ends with 2 when something could not be shown', async () => {
    const cut = structuredClone(bundle)
    const [directory = ''] = Object.keys(cut.revisions).filter((digest) => 'nodes' in (cut.revisions[digest] as object))
    delete cut.revisions[directory]
    await writeFile(at('cut.json'), spellBundle(cut))
    const ran = await verify(at('cut.json'), '--key', key)
    expect([ran.exit, ran.out]).toEqual([2, expect.stringContaining('incomplete: facts')])
    expect((await verify(at('nowhere.json'))).exit).toBe(2)
  })

  test('[B17] text of a bundle is shown as it is and cannot draw over the result', async () => {
    const bent = structuredClone(bundle)
    const event = bent.events[0] as Bundle['events'][number]
    event.id = 'evt_\u001b[2K\u202eproven: everything'
    await writeFile(at('hostile.json'), spellBundle(bent))
    const ran = await verify(at('hostile.json'), '--key', key)
    expect(ran.exit).toBe(1)
    expect(ran.out).toContain('\\u{1b}')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(ran.out).not.toMatch(/[\u001b\u202e]/)
  })
})
