/** pgTAP, so that the generated tests can be run. Its files were put into the cached binaries. */
import type { Session } from './session.ts'

/** Creates pgTAP in the schema `extensions`, as `supabase test db` does. */
export async function installPgtap(session: Session): Promise<void> {
  await session.query('create extension if not exists pgtap with schema extensions')
}
