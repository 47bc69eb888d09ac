/** Proposing other rules: the files as text, checked while somebody writes, compared with what is in force, and handed on. */
import { Button, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { ChangeDetail } from '../../src/client/index.ts'
import { api, ProblemError, yes } from '../app/api.ts'
import { meQuery, queries } from '../app/queries.ts'
import { useKept } from '../decision/kept.ts'
import { Doing } from '../form/doing.tsx'
import { Problem } from '../shell/problem.tsx'
import { Title } from '../shell/title.tsx'
import { Inert } from '../text/inert.tsx'
import { ActProblem } from '../waiver/act-problem.tsx'
import { Card } from '../waiver/card.tsx'
import { useAct } from '../waiver/use-act.ts'
import { Differences } from './differences.tsx'
import { type Editor, TextEditor } from './editor.tsx'
import style from './policy.module.css'
import { Problems, Report } from './report.tsx'
import { type Check, placeOf, useCheck, type WrittenFile } from './use-check.ts'

interface Draft {
  readonly files: readonly WrittenFile[]
  /** Digest of the rules it was begun from, where it was. */
  readonly base?: string
}

const nothing: Draft = { files: [] }

export function ProposePage() {
  const { data: me } = useQuery(meQuery)
  return me === undefined ? <div className={style.waiting} aria-busy="true" /> : <Page me={me.id} />
}

function Page({ me }: { readonly me: string }) {
  const [draft, setDraft, forget] = useKept<Draft>(`policy draft ${me}`, nothing)
  const check = useCheck(draft.files)
  return (
    <div className={style.page}>
      <Title
        name="Propose other rules"
        says="Files only propose. Somebody independent countersigns, and after a delay they are in force."
      >
        {draft.files.length > 0 && (
          <Button variant="default" onClick={forget}>
            Start over
          </Button>
        )}
      </Title>
      {draft.files.length === 0 ? (
        <Begin begin={setDraft} />
      ) : (
        <>
          <Write draft={draft} check={check} change={setDraft} />
          {check.error !== null && <Problem error={check.error} />}
          {check.report?.readable === true && (
            <>
              <Card title="What would change" says="Against the rules in force, what is looser first.">
                <Differences differences={check.report.differences} />
              </Card>
              <Report report={check.report} />
            </>
          )}
          <Propose draft={draft} check={check} me={me} done={forget} />
        </>
      )}
    </div>
  )
}

function Begin({ begin }: { readonly begin: (draft: Draft) => void }) {
  const [error, setError] = useState<unknown>()
  const inForce = () => yes(api.policyText()).then(({ digest, files }) => begin({ files, base: digest }), setError)
  return (
    <Card
      title="Begin with"
      says="What is not in the files is not in the policy: a proposal is always the whole of it."
    >
      <div className={style.begin}>
        <Button onClick={() => void inForce()}>The rules in force</Button>
        <Upload begin={begin} label="Files of yours" />
      </div>
      <p className="soft">
        The rules in force are written out anew, without comments. If your rules live in a repository, change them there
        and bring the files.
      </p>
      {error !== undefined &&
        (error instanceof ProblemError ? <ActProblem problem={error.problem} /> : <Problem error={error} />)}
    </Card>
  )
}

function Upload({ begin, label }: { readonly begin: (draft: Draft) => void; readonly label: string }) {
  const take = async (list: FileList | null) => {
    const files = await Promise.all(
      [...(list ?? [])].map(async (file) => ({ name: file.name, text: await file.text() })),
    )
    if (files.length > 0) begin({ files: files.sort((a, b) => (a.name < b.name ? -1 : 1)) })
  }
  return (
    <label className={style.upload}>
      {label}
      <input
        type="file"
        multiple
        accept=".yaml,.yml,.cedar"
        onChange={({ currentTarget }) => void take(currentTarget.files)}
      />
    </label>
  )
}

function Write({
  draft,
  check,
  change,
}: {
  readonly draft: Draft
  readonly check: Check
  readonly change: (draft: Draft) => void
}) {
  const { files } = draft
  const [open, setOpen] = useState(files[0]?.name ?? '')
  const editor = useRef<Editor>(null)
  const file = files.find(({ name }) => name === open) ?? files[0]
  const problems = check.report?.problems ?? []
  if (file === undefined) return null
  const wrong = new Set(
    problems
      .map(({ where }) => placeOf(where))
      .filter((at) => at.file === file.name)
      .map(({ line }) => line),
  )
  const goTo = (where: string) => {
    const at = placeOf(where)
    setOpen(at.file)
    // The other file has to be there first.
    setTimeout(() => editor.current?.goTo(at.line, at.column))
  }
  return (
    <Card title="The files">
      {files.length > 1 && (
        <div className={style.tabs}>
          {files.map(({ name }) => (
            <Button
              key={name}
              size="compact-md"
              variant={name === file.name ? 'light' : 'subtle'}
              aria-pressed={name === file.name}
              onClick={() => setOpen(name)}
            >
              <Inert text={name} />
            </Button>
          ))}
        </div>
      )}
      <TextEditor
        ref={editor}
        name={file.name}
        text={file.text}
        wrong={wrong}
        change={(text) => change({ ...draft, files: files.map((one) => (one === file ? { ...one, text } : one)) })}
      />
      <Problems check={check} goTo={goTo} />
    </Card>
  )
}

function Propose({
  draft,
  check,
  me,
  done,
}: {
  readonly draft: Draft
  readonly check: Check
  readonly me: string
  readonly done: () => void
}) {
  const navigate = useNavigate()
  const [reason, setReason, forget] = useKept(`policy reason ${me}`, '')
  const made = useRef<ChangeDetail>(undefined)
  const act = useAct(
    'changes',
    async (idempotencyKey) => {
      const files = draft.files.map(({ name, text }) => ({ name, text }))
      const base = draft.base === undefined ? {} : { base: draft.base }
      const answer = await api.proposeChange({ files, reason, ...base }, { idempotencyKey })
      if (answer.ok) made.current = answer.value
      return answer
    },
    () => {
      forget()
      done()
      void queries.invalidateQueries({ queryKey: ['changes'] })
      const id = made.current?.change.id
      if (id !== undefined) void navigate({ to: '/policy/$change', params: { change: id } })
    },
  )
  const differs = (check.report?.differences.length ?? 0) > 0
  const ready = check.current && check.report?.readable === true && differs
  return (
    <Card title="Propose it">
      <Doing act={act} name="Propose it" ready={ready && reason.trim() !== ''}>
        <Textarea
          label="Why the rules should change"
          description="Whoever countersigns reads it. You cannot countersign it yourself, and nobody profits from a rule they loosened."
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
          autosize
          minRows={2}
          maxLength={2_000}
          required
        />
      </Doing>
    </Card>
  )
}
