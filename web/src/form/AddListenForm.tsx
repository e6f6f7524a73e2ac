import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useRef } from 'react'
import type { AddedListen, NewListen } from '../api/answers.ts'
import { postJson, RequestError } from '../api/request.ts'
import { addListenUrl } from '../view/urls.ts'
import { draftField, toListen } from './draft.ts'
import { ListenFields } from './ListenFields.tsx'
import { useDraft } from './use-draft.ts'
import { useOnce } from './use-once.ts'

interface Props {
  onAdded(id: string, listen: NewListen): void
  /** What became of the listen that was added last. */
  added: ReactNode
}

function explain(error: Error): string {
  if (error instanceof RequestError) {
    if (error.code === 'kafka_unavailable') {
      return 'Kafka is unavailable, so nothing was added. Your entries are kept. Try again in a moment.'
    }
    if (error.code === 'unreachable') {
      return `${error.message} Your entries are kept. Try again in a moment.`
    }
  }
  return `Nothing was added: ${error.message}`
}

export function AddListenForm({ onAdded, added }: Props) {
  const form = useRef<HTMLFormElement>(null)
  const state = useDraft()
  const once = useOnce()
  const add = useMutation({
    // Whoever tries again after a lost answer adds it once.
    mutationFn: (listen: NewListen) => postJson<AddedListen>(addListenUrl(), listen, once.keyOf(listen)),
    onSuccess({ id }, listen) {
      once.accepted()
      onAdded(id, listen)
    },
    onError(error) {
      const field = error instanceof RequestError && error.field && draftField(error.field)
      if (!field) return
      state.refuse(field, error.message)
      focusFirstInvalid()
    },
  })

  /** After the errors are drawn. */
  function focusFirstInvalid(): void {
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (add.isPending) return
    state.touchAll()
    if (Object.keys(state.errors).length > 0) {
      add.reset()
      focusFirstInvalid()
    } else {
      add.mutate(toListen(state.draft))
    }
  }

  return (
    <form ref={form} className="add-form" noValidate onSubmit={submit} aria-label="Add a stream event">
      <div className="add-form-fields">
        <ListenFields state={state} />
      </div>
      <div className="add-form-footer">
        <div role="status" className="add-form-message">
          {add.isSuccess && <div className="alert alert-success">{added}</div>}
        </div>
        <div role="alert" className="add-form-message">
          {add.isError && <div className="alert alert-danger">{explain(add.error)}</div>}
        </div>
        <div className="add-form-actions">
          <button type="submit" className="btn btn-primary w-100" aria-disabled={add.isPending}>
            {add.isPending ? 'Adding…' : 'Add event'}
          </button>
        </div>
      </div>
    </form>
  )
}
