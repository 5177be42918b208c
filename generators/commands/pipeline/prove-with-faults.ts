/** The proofs, and beside them what faults they would notice: one waits for the server while the other computes. */
import { type Evidence, isGreen } from '../../design/evidence.ts'
import type { CommandInput } from '../command.ts'
import { type ProofRequest, proveDesign } from './prove-design.ts'
import { tryFaults } from './try-faults.ts'

/** What is wrong to begin with is not made worse: without a green proof there is no score, and nobody waits for it. */
export async function proveWithFaults(input: CommandInput, request: ProofRequest): Promise<Evidence> {
  const wrong = new AbortController()
  const faults = tryFaults(input, { ...request, signal: AbortSignal.any([input.signal, wrong.signal]) })
  faults.catch(() => undefined)
  try {
    const proved = await proveDesign(input, request)
    return isGreen(proved) ? { ...proved, mutations: await faults } : proved
  } finally {
    // Nothing runs any more when the caller stops the server.
    wrong.abort()
    await Promise.allSettled([faults])
  }
}
