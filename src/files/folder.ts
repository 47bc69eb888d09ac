/**
 * Which files belong together? Reads one file, or all files of a kind in a folder in the order of their names. An
 * unreadable file is a problem, never an empty one.
 */
import { isUtf8 } from 'node:buffer'
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FileText, Problem, Read } from './yaml.ts'

/** @returns the files with their paths as names, or what could not be read. Folders inside the folder are not entered. */
export function readYamlFiles(path: string): Promise<Read<readonly FileText[]>> {
  return readFilesOf(path, ['.yaml', '.yml'])
}

/** Ends the name of a file of guardrails. */
export const cedarEnding = '.cedar'
/** Stands beside a policy that is one file. */
const guardrailsFile = `guardrails${cedarEnding}`

/**
 * The files of a policy: all of a folder, with its guardrails; or one file, and the guardrails beside it.
 * @returns no fewer files than there are: one that cannot be read is a problem
 */
export async function readPolicyFiles(path: string): Promise<Read<readonly FileText[]>> {
  const isFolder = await isFolderAt(path)
  const read = await readFilesOf(path, isFolder ? ['.yaml', '.yml', cedarEnding] : ['.yaml', '.yml'])
  const beside = join(dirname(path), guardrailsFile)
  if ('problems' in read || isFolder || !(await isThere(beside))) return read
  const guardrails = await readText(beside)
  return 'problems' in guardrails ? guardrails : { value: [...read.value, guardrails.value] }
}

/** The same for files whose names end in one of these. */
export async function readFilesOf(path: string, endings: readonly string[]): Promise<Read<readonly FileText[]>> {
  try {
    const names = (await stat(path)).isDirectory() ? await namesIn(path, endings) : [path]
    if (names.length === 0) return { problems: [problem(path, `the folder holds no \`${endings[0]}\` file`)] }
    const files = await Promise.all(names.map(readText))
    const problems = files.flatMap((file) => ('problems' in file ? file.problems : []))
    if (problems.length > 0) return { problems }
    return { value: files.flatMap((file) => ('value' in file ? [file.value] : [])) }
  } catch (error) {
    return { problems: [problem(path, `cannot be read: ${systemCode(error)}`)] }
  }
}

async function namesIn(folder: string, endings: readonly string[]): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const isWanted = (name: string) => endings.some((ending) => name.endsWith(ending))
  const names = entries.filter((entry) => !entry.isDirectory() && isWanted(entry.name)).map(({ name }) => name)
  return names.sort().map((name) => join(folder, name))
}

/** @returns one file's text, or why it has none. */
export async function readText(name: string): Promise<Read<FileText>> {
  try {
    const bytes = await readFile(name)
    // Bytes that are no UTF-8 would become replacement characters, and two names might become one.
    if (!isUtf8(bytes)) return { problems: [problem(name, 'is not UTF-8 text')] }
    return { value: { name, text: new TextDecoder('utf-8').decode(bytes) } }
  } catch (error) {
    return { problems: [problem(name, `cannot be read: ${systemCode(error)}`)] }
  }
}

/** Whatever else is wrong with it is said when it is read. */
async function isFolderAt(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => systemCode(error) !== 'ENOENT',
  )
}

/** @throws whatever is not the operating system's answer. */
function systemCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && 'syscall' in error) return String(error.code)
  throw error
}

function problem(path: string, message: string): Problem {
  return { where: `${path}:1:1`, message }
}
